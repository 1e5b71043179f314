import { EventStoreDBClient } from '@eventstore/db-client'
import { Failure } from './failure.js'
import { type messages, service } from './protocol.js'
import { forClient } from './settings.js'

type StreamsClient = InstanceType<typeof service.StreamsClient>
export type AppendCall = ReturnType<StreamsClient['batchAppend']>
export type ReadCall = ReturnType<StreamsClient['read']>
type CallArguments = Parameters<StreamsClient['batchAppend']>
type Call = AppendCall | ReadCall

/**
 * What of the client is not public. Through its own methods every append waits in one map for all
 * clients of a process, which is how one of them wedges another; its reads know no filter, and no end
 * of waiting. So the calls are made here, on its connection, with its credentials and its knowledge of
 * who leads.
 */
interface Inside {
  GRPCStreamCreator<T>(
    kind: typeof service.StreamsClient,
    name: string,
    create: (client: StreamsClient) => T,
  ): () => Promise<T>
  callArguments(
    options: { requiresLeader?: boolean },
    call: { deadline: number },
  ): Required<CallArguments>
}

/** One client of the server, with the calls on it. */
export class InsideClient {
  readonly #client: EventStoreDBClient
  readonly #inside: Inside
  readonly #calls = new Set<Call>()
  readonly #connections = new Set<StreamsClient>()
  #closed = false

  constructor(url: string) {
    this.#client = EventStoreDBClient.connectionString(forClient(url))
    this.#inside = this.#client as unknown as Inside
  }

  /** No deadline of the client's bounds either call, and none of the server's should. */
  openAppends(): Promise<AppendCall> {
    return this.#open('batchAppend', client =>
      client.batchAppend(...this.#inside.callArguments({}, { deadline: Infinity })),
    )
  }

  /** Of the leader alone, since what a follower has may be stale. */
  openRead(request: messages.ReadReq): Promise<ReadCall> {
    const leader = { requiresLeader: true }
    return this.#open('read', client =>
      client.read(request, ...this.#inside.callArguments(leader, { deadline: Infinity })),
    )
  }

  /** Every call on it ends, and nothing of it keeps the process. */
  close(): void {
    this.#closed = true
    for (const call of this.#calls) call.cancel()
    for (const connection of this.#connections) connection.close()
    this.#client.dispose().catch(() => {})
  }

  async #open<C extends Call>(name: string, create: (client: StreamsClient) => C): Promise<C> {
    if (this.#closed) throw closed()
    const call = await this.#inside.GRPCStreamCreator(service.StreamsClient, name, client => {
      this.#connections.add(client)
      return create(client)
    })()
    // A call that is cancelled may still tell of it, and an error nobody listens to ends the process.
    call.on('error', () => {})
    if (this.#closed) {
      call.cancel()
      this.close()
      throw closed()
    }
    this.#calls.add(call)
    call.on('close', () => this.#calls.delete(call))
    return call
  }
}

const closed = () => new Failure('DOWN', 'The connection to EventStoreDB was closed.', true)

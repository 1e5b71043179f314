import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type GraphQLError, GraphQLSchema, parse } from 'graphql'
import { type Server, type SubscribePayload, handleProtocols, makeServer } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { formattedOf, refusal } from '../api/errors.js'
import type { Rate } from '../auth/allowances.js'
import { eachInSlices } from '../in-slices.js'
import type { LiveSettings } from '../settings.js'
import { isTraceparent } from '../tracing.js'
import { closes } from './close-codes.js'
import { type Operations, running } from './operations.js'
import type { Failed } from './outlet.js'
import type { Params, WebSocketCallers } from './websocket-callers.js'
import { WebSocketClient } from './websocket-client.js'
import { OperationFailed, WebSocketOperation } from './websocket-operation.js'

const bounds = {
  // What is compressed may be larger by far than what was sent.
  perMessageDeflate: false,
  /** Parts that one message may come in, of frames and of what the network makes of it. */
  maxFragments: 1024,
  maxBufferedChunks: 1024,
  /** Milliseconds for the answer to a close; who does not give it is cut off. */
  closeTimeout: 1000,
  // One message a turn: no socket keeps the others waiting, and an id that was ended is free.
  allowSynchronousEvents: false,
}
/** Each holds some kilobytes and a file descriptor. */
const openMax = 20_000

/** Sockets are pinged in so many turns: pings and their answers all at once would delay what is told. */
const pingTurns = 64

/** A socket that is over: how, how many operations it began, and how long it was open. */
export interface SocketEnded {
  /** What it was closed with; undefined if its other end, or the network, ended it. */
  readonly code: number | undefined
  readonly begun: number
  readonly ms: number
}

/** GraphQL over WebSocket, sub-protocol `graphql-transport-ws`. */
export class WebSockets {
  /** Told of each socket that ended. */
  closed: (ended: SocketEnded) => void = () => {}
  /** Why nothing more is to be begun now, if so. */
  overloaded: () => GraphQLError | undefined = () => undefined
  readonly #open = new Set<WebSocketClient>()
  readonly #turns = Array.from({ length: pingTurns }, () => new Set<WebSocketClient>())
  readonly #pinging: NodeJS.Timeout
  readonly #rate: Rate
  #turn = 0
  #opens = 0
  readonly #server: WebSocketServer
  readonly #protocol: Server<WebSocketClient>

  constructor(
    private readonly running: Operations,
    private readonly callers: WebSocketCallers,
    private readonly settings: LiveSettings,
  ) {
    const { messagesPerMinute: perMinute, pingMs } = settings
    this.#rate = { name: 'messages', perMinute, burst: perMinute / 6 }
    this.#pinging = setInterval(() => this.#ping(), pingMs / pingTurns).unref()
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols,
      maxPayload: settings.messageBytes,
      ...bounds,
    })
    this.#protocol = makeServer<Params, WebSocketClient>({
      connectionInitWaitTimeout: settings.initMs,
      onConnect: ({ extra, connectionParams }) => callers.admit(extra, connectionParams),
      onSubscribe: ({ extra }, id, payload) => ({
        schema: noSchema,
        document: anything,
        contextValue: this.#begun(extra, id, payload),
      }),
      // Of an operation graphql-ws sees only that it ends.
      execute: ({ contextValue }) => contextValue as AsyncGenerator<never>,
      onError: ({ extra }, _id, _payload, [error]) => told(extra, error),
    })
  }

  get count(): number {
    return this.#open.size
  }

  get operations(): number {
    let all = 0
    for (const { operations } of this.#open) all += operations
    return all
  }

  mayOpen(address: string): boolean {
    return this.#open.size < openMax && this.callers.mayCome(address)
  }

  /** Upgrades a request from this address, or refuses it if it is not one of WebSocket's. */
  open(request: IncomingMessage, stream: Duplex, head: Buffer, address: string): void {
    const { authorization, 'ledger-acting-for': actingFor, traceparent } = request.headers
    // Nothing that stays may hold the request, which is larger than all that a socket needs.
    const headers = {
      ...(authorization !== undefined && { authorization }),
      ...(actingFor !== undefined && { 'ledger-acting-for': actingFor }),
      ...(isTraceparent(traceparent) && { traceparent }),
    }
    this.#server.handleUpgrade(request, stream, head, socket =>
      this.#opened(new WebSocketClient(socket, stream, headers, address, this.#rate), socket),
    )
  }

  #opened(client: WebSocketClient, { protocol }: WebSocket): void {
    const turn = this.#turns[this.#opens++ % pingTurns]!
    turn.add(client)
    this.#open.add(client)
    this.callers.came(client)
    let closed: ((code?: number) => Promise<void>) | undefined
    client.ended = code => {
      turn.delete(client)
      this.#open.delete(client)
      this.callers.left(client)
      void closed?.(code)
      const { begun, ms } = client
      this.closed({ code, begun, ms })
    }
    closed = this.#protocol.opened(
      {
        protocol,
        send: frame => client.send(frame),
        close: (code, reason) => client.close(code!, reason!),
        onMessage: take => client.listen(take),
      },
      client,
    )
  }

  /** Tells everybody to come again, elsewhere or later; what runs for them ends. */
  stop(): void {
    clearInterval(this.#pinging)
    for (const client of this.#open) client.close(closes.goingAway, 'Going away')
  }

  /** Each once in all turns. */
  #ping(): void {
    this.#turn = (this.#turn + 1) % pingTurns
    void eachInSlices(this.#turns[this.#turn]!, client => client.ping())
  }

  #begun(client: WebSocketClient, id: string, payload: SubscribePayload): WebSocketOperation {
    const { messageBytes, principal } = client
    client.begun++
    const refused = this.overloaded() ?? this.#tooMany(client)
    const operation = new WebSocketOperation(id, client)
    if (refused) operation.end([formattedOf(refused)])
    else {
      const known = running(payload.extensions?.['traceparent'] ?? client.traceparent)
      const request = requestOf(payload)
      void this.running.run(request, messageBytes, principal!, operation, operation, known)
    }
    return operation
  }

  #tooMany({ operations }: WebSocketClient): GraphQLError | undefined {
    const max = this.settings.operationsMax
    if (operations < max) return undefined
    const message = `A socket runs at most ${max} operations at a time.`
    return refusal('LIMIT_REACHED', message, 400, { max })
  }
}

/** `null` is allowed there for what is left out. */
const requestOf = ({ query, operationName, variables, extensions }: SubscribePayload) => ({
  query,
  ...(operationName != null && { operationName }),
  ...(variables != null && { variables }),
  ...(extensions != null && { extensions }),
})

/** The errors that an operation ends with; a slow reader's socket has no room for anything else. */
function told(client: WebSocketClient, error: GraphQLError | undefined): Failed {
  const cause = error?.originalError
  if (!(cause instanceof OperationFailed)) return [formattedOf(cause ?? error)]
  if (cause.errors.some(({ extensions }) => extensions?.code === 'SLOW_CONSUMER'))
    setImmediate(() => client.close(closes.slowConsumer, 'SLOW_CONSUMER'))
  return cause.errors
}

/** graphql-ws looks for an operation in what it is given to execute, and does not execute it. */
const anything = parse('{ __typename }')
const noSchema = new GraphQLSchema({})

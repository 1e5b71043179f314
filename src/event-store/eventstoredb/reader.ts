import { StoreDamaged, StoreUnavailable } from '../event-store.js'
import { Answers } from './answers.js'
import type { Connection } from './connection.js'
import { type Failure, failureOf, silent } from './failure.js'
import type { InsideClient } from './inside-client.js'
import type { messages } from './protocol.js'
import { type ServerRecord, recordIn } from './server-record.js'
import { type Timings, pause, within } from './timings.js'

/** Asks the server once. Whoever stops listening before the end has asked for no more. */
export type Ask = (request: messages.ReadReq) => AsyncGenerator<ServerRecord>

/** A read that fails is made again so often, each time on a connection that was seen to work. */
const repeatsMax = 2
/** So that the client has noted who leads before it is asked again. */
const leaderKnownMs = 20

/** Runs reads; they reject with the port's errors alone. */
export class Reader {
  constructor(
    private readonly connection: Connection,
    private readonly timings: Timings,
  ) {}

  /** Whatever was read before something failed is forgotten: `reads` begins anew. */
  async run<T>(reads: (ask: Ask) => Promise<T>): Promise<T> {
    for (let repeats = 0; ; repeats++) {
      await this.connection.ready()
      let client: InsideClient | undefined
      try {
        const made = (client = await this.#client())
        return await reads(request => this.#records(made, request))
      } catch (error) {
        if (error instanceof StoreUnavailable || error instanceof StoreDamaged) throw error
        const failure = failureOf(error)
        await this.#failed(failure, client)
        if (failure.isFinal || repeats === repeatsMax) throw failure.asError()
      }
    }
  }

  async #client(): Promise<InsideClient> {
    const { connectMs } = this.timings
    return within(connectMs, this.connection.reads.client(), () => silent(connectMs))
  }

  async #failed(failure: Failure, client: InsideClient | undefined): Promise<void> {
    if (failure.kind === 'NOT_LEADER') await pause(leaderKnownMs)
    else if (failure.isOfConnection && client) this.connection.reads.renew(client)
    this.connection.suspect(failure)
  }

  async *#records(client: InsideClient, request: messages.ReadReq): AsyncGenerator<ServerRecord> {
    const { readMs } = this.timings
    const opened = Answers.to(client, request)
    const answers = await within(readMs, opened, () => silent(readMs))
    try {
      for await (const answer of answers.all(readMs)) {
        const record = recordIn(answer)
        if (record) yield record
      }
    } finally {
      answers.cancel()
    }
  }
}

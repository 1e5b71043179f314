import { Answers } from './answers.js'
import { Failure, failureOf } from './failure.js'
import { InsideClient } from './inside-client.js'
import { allRead } from './requests.js'
import { recordIn } from './server-record.js'
import { type Timings, pause } from './timings.js'

/** So that the client has noted who leads before it is asked again. */
const leaderKnownMs = 20

/** One way to the server, for one kind of calls: a client that is replaced when it fails. */
export class Lane {
  #client: Promise<InsideClient> | undefined
  #made: InsideClient | undefined
  #closed = false

  constructor(
    private readonly url: string,
    private readonly timings: Timings,
  ) {}

  /** A client that has answered once; rejects with a Failure. However many ask, one is made. */
  client(): Promise<InsideClient> {
    if (this.#closed) return Promise.reject(closed())
    this.#client ??= this.#connect()
    return this.#client
  }

  get hasClient(): boolean {
    return this.#client !== undefined
  }

  /** Whether the server answers on it now. */
  async look(): Promise<void> {
    await lookOnce(await this.client(), this.timings.connectMaxMs)
  }

  /** The next call gets a new client. Whoever tells of one that is replaced already changes nothing. */
  renew(failed: InsideClient | undefined = this.#made): void {
    if (failed !== this.#made) return
    this.#made = undefined
    this.#client = undefined
    failed?.close()
  }

  close(): void {
    this.#closed = true
    this.renew()
  }

  /**
   * Many calls at once on a channel that is only half open were reported to hang, so the first is made
   * alone.
   */
  async #connect(): Promise<InsideClient> {
    let made: InsideClient | undefined
    try {
      // It reads certificates, which may not be there just now.
      made = this.#made = new InsideClient(this.url)
      await lookOnce(made, this.timings.connectMaxMs)
      return made
    } catch (error) {
      if (made) this.renew(made)
      else this.#client = undefined
      throw error
    }
  }
}

/** Reads one event; a client that asked a follower is led on to the leader. */
async function lookOnce(client: InsideClient, silentMs: number, again = true): Promise<void> {
  try {
    await lastRecord(client, silentMs)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.kind !== 'NOT_LEADER' || !again) throw failure
    await pause(leaderKnownMs)
    await lookOnce(client, silentMs, false)
  }
}

/** The last event of the whole server, whoever wrote it. */
export async function lastRecord(client: InsideClient, silentMs: number) {
  const answers = await Answers.to(client, allRead('end', 1))
  try {
    for await (const answer of answers.all(silentMs)) {
      const record = recordIn(answer)
      if (record) return record
    }
    return undefined
  } finally {
    answers.cancel()
  }
}

const closed = () => new Failure('DOWN', 'The store is closed.', true)

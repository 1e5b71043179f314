import { randomUUID } from 'node:crypto'
import type { Appender, Settled } from './appender.js'
import type { ServerEvent } from './recorded-event.js'
import type { Reader } from './reader.js'
import { streamRead } from './requests.js'

/** Who holds a lease, as its last event says. */
export interface Held {
  /** The server's number of that event: it changes with each renewal. */
  readonly revision: bigint
  readonly holder: string
  readonly leaseMs: number
  readonly released: boolean
}

/** What the lease's events are called on the server. */
const types = { held: 'LeaseHeld', released: 'LeaseReleased' }
/** Of use are the last one, and the one before it for people who look. */
const eventsKept = 2

/** A lease's stream: outside the log, and kept short by the server. */
export class LeaseStream {
  constructor(
    private readonly name: string,
    private readonly appender: Appender,
    private readonly reader: Reader,
  ) {}

  /** Undefined if nobody ever held it. */
  async last(): Promise<Held | undefined> {
    return this.reader.run(async ask => {
      for await (const { revision, type, data } of ask(streamRead(this.name, 'end', 1)))
        return { revision, ...said(data), released: type === types.released }
      return undefined
    })
  }

  /**
   * Writes at exactly this place; the revision of what it wrote, or undefined if somebody else was
   * there before. Rejects when that is not known.
   */
  async write(
    after: bigint,
    { holder, leaseMs, released }: Omit<Held, 'revision'>,
    withinMs: number,
  ): Promise<bigint | undefined> {
    const event = {
      id: randomUUID(),
      type: released ? types.released : types.held,
      data: json({ holder, leaseMs }),
      metadata: json({}),
    }
    const settled = await this.#append(this.name, after, event, withinMs)
    return 'done' in settled ? settled.done : undefined
  }

  /** Tells the server to forget old renewals. Without the right to, it keeps them. */
  async keepShort(withinMs: number): Promise<void> {
    const data = json({ $maxCount: eventsKept })
    const event = { id: randomUUID(), type: '$metadata', data, metadata: json({}) }
    await this.#append(`$$${this.name}`, -1n, event, withinMs).catch(() => {})
  }

  #append(stream: string, expected: bigint, event: ServerEvent, ms: number): Promise<Settled> {
    return this.appender.append({ stream, expected, events: [event] }, ms)
  }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value), 'utf8')

/** Nonsense is held by nobody, for as long as any lease. */
function said(data: Uint8Array): { holder: string; leaseMs: number } {
  try {
    const { holder, leaseMs } = JSON.parse(Buffer.from(data).toString('utf8')) as Partial<Held>
    return { holder: String(holder), leaseMs: Number(leaseMs) || 0 }
  } catch {
    return { holder: '', leaseMs: 0 }
  }
}

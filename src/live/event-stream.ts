import { once } from 'node:events'
import type { FastifyReply } from 'fastify'

/** Proxies and load balancers cut off what is silent for a minute, some for half of one. */
const aliveMs = 15_000
/** Whoever does not take the end within this has stopped reading. */
const endMsMax = 1000

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Of nginx: it is not to be gathered.
  'x-accel-buffering': 'no',
  // What stays open for hours is nothing to keep for a next request.
  connection: 'close',
}

/** One response of server-sent events. Its head is sent with the first of them. */
export class EventStream {
  readonly #raw: FastifyReply['raw']
  #alive: NodeJS.Timeout | undefined

  constructor(private readonly reply: FastifyReply) {
    this.#raw = reply.raw
  }

  get isBegun(): boolean {
    return this.reply.sent
  }

  /** Fields of one event, each on a line; `data` is JSON, which has no line of its own. */
  send(...fields: string[]): void {
    if (this.#raw.destroyed || this.#raw.writableEnded) return
    if (!this.isBegun) this.#begin()
    this.#raw.write(`${fields.join('\n')}\n\n`)
  }

  get pendingBytes(): number {
    return this.#raw.writableLength
  }

  async drained(): Promise<void> {
    if (this.#raw.destroyed || !this.#raw.writableNeedDrain) return
    const over = new AbortController()
    const { signal } = over
    await Promise.race([once(this.#raw, 'drain', { signal }), once(this.#raw, 'close', { signal })])
    over.abort()
  }

  end(): void {
    clearInterval(this.#alive)
    if (this.#raw.destroyed) return
    this.#raw.end()
    const cut = setTimeout(() => this.#raw.destroy(), endMsMax)
    this.#raw.once('close', () => clearTimeout(cut))
  }

  #begin(): void {
    this.reply.hijack()
    this.#raw.writeHead(200, { ...(this.reply.getHeaders() as object), ...headers })
    this.#alive = setInterval(() => this.send(':'), aliveMs)
    this.#raw.once('close', () => clearInterval(this.#alive))
  }
}

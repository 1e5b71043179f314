import { once } from 'node:events'
import { WebSocket } from 'ws'

/** What a socket says of one operation: its answers, and the errors it ended with if it did. */
export interface Told {
  readonly next: any[]
  readonly errors?: any[]
}

interface Given {
  readonly headers?: Record<string, string>
  readonly path?: string
  readonly protocol?: string
}

/** A socket without a client library: what is sent is what the test says. */
export class RawSocket {
  readonly frames: any[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  readonly #waiting = new Set<() => void>()

  constructor(readonly ws: WebSocket) {
    ws.on('message', data => {
      this.frames.push(JSON.parse(String(data)))
      for (const look of this.#waiting) look()
    })
    ws.on('error', () => {})
    this.closed = new Promise(resolve =>
      ws.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) })
        for (const look of this.#waiting) look()
      }),
    )
  }

  static async opened(url: string, { headers = {}, path = '/graphql', protocol }: Given = {}) {
    const address = url.replace(/^http/, 'ws') + path
    const raw = new RawSocket(
      new WebSocket(address, protocol ?? 'graphql-transport-ws', { headers }),
    )
    await once(raw.ws, 'open')
    return raw
  }

  /** Opened and acknowledged. */
  static async for(url: string, secret: string, given: Given = {}) {
    const raw = await RawSocket.opened(url, given)
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } })
    await raw.frame(({ type }) => type === 'connection_ack')
    return raw
  }

  send(message: object | string): void {
    const isText = typeof message === 'string' || Buffer.isBuffer(message)
    this.ws.send(isText ? message : JSON.stringify(message))
  }

  /** The first frame that is meant; rejects if the socket closes without it. */
  async frame(isMeant: (frame: any) => boolean): Promise<any> {
    for (;;) {
      const frame = this.frames.find(isMeant)
      if (frame) return frame
      if (this.ws.readyState === WebSocket.CLOSED)
        throw new Error(`It closed: ${JSON.stringify(await this.closed)}`)
      await new Promise<void>(resolve => {
        const look = () => {
          this.#waiting.delete(look)
          resolve()
        }
        this.#waiting.add(look)
      })
    }
  }

  /** Runs one operation to its end. */
  async ask(id: string, payload: object): Promise<Told> {
    this.send({ id, type: 'subscribe', payload })
    return this.ended(id)
  }

  async ended(id: string): Promise<Told> {
    const last = await this.frame(
      frame => frame.id === id && ['complete', 'error'].includes(frame.type),
    )
    const own = this.frames.filter(frame => frame.id === id)
    // The id is free again, and what was said of it is read.
    this.frames.splice(0, this.frames.length, ...this.frames.filter(frame => frame.id !== id))
    return {
      next: own.filter(({ type }) => type === 'next').map(({ payload }) => payload),
      ...(last.type === 'error' && { errors: last.payload }),
    }
  }

  async close(): Promise<void> {
    this.ws.close()
    await this.closed
  }
}

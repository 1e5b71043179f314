import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import { Allowance, type Rate } from '../auth/allowances.js'
import type { Principal } from '../auth/principal.js'
import { closes } from './close-codes.js'
import { sharedFrame } from './shared-frame.js'
import type { Frames } from './websocket-operation.js'

/** With so much untaken nothing more is read of a socket: its answers would only add to it. */
const untakenBytesMax = 1024 * 1024
/** RFC 6455, 5.5.1 */
const reasonBytesMax = 123

const nowMs = () => performance.now()

/** One socket, whoever is at its other end: its messages counted, its answers kept within bounds. */
export class WebSocketClient implements Frames {
  /** Whether it has said who it is, rightly or not. */
  wasHeard = false
  principal: Principal | undefined
  /** The trace that its operations are of, if they name none of their own. */
  traceparent: string | undefined
  /** Ends the watch over its credential. */
  unwatch: () => void = () => {}
  /** Operations that have not ended, aborted ones included. */
  operations = 0
  /** Operations that it began, in all. */
  begun = 0
  /** Of the message that is being read. */
  messageBytes = 0
  /** Called once, with what it was closed with; undefined if its other end, or the network, ended it. */
  ended: (code: number | undefined) => void = () => {}
  readonly #messages: Allowance
  readonly #openedMs = nowMs()
  #isOver = false
  #isAlive = true
  #untakenBytes = 0
  #draining: Promise<void> | undefined
  /** Messages that wait for the answers to others to be taken. */
  #unread: (() => void)[] | undefined

  constructor(
    private readonly socket: WebSocket,
    private readonly stream: Duplex,
    readonly headers: IncomingHttpHeaders,
    readonly address: string,
    rate: Rate,
  ) {
    this.#messages = new Allowance(rate, nowMs)
    socket.on('ping', () => this.#count()).on('pong', () => this.#count())
    // What breaks the protocol is answered by its code, and closed, without us.
    socket.on('error', () => {})
    socket.on('close', () => this.#end(undefined))
  }

  /** For how long it has been open. */
  get ms(): number {
    return nowMs() - this.#openedMs
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Takes messages; what `take` rejects is no message of the sub-protocol. */
  listen(take: (text: string) => Promise<void>): void {
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (!this.#count()) return
      if (isBinary) return this.#invalid()
      if (this.#unread) this.#unread.push(() => this.#read(String(data), data.length, take))
      else this.#read(String(data), data.length, take)
    })
  }

  /** What waits for the end of what it began holds the text alone, and not the bytes. */
  #read(text: string, bytes: number, take: (text: string) => Promise<void>): void {
    this.messageBytes = bytes
    take(text).catch(() => this.#invalid())
  }

  send(frame: string): void {
    if (this.#isOver) return
    this.socket.send(frame)
    if (this.pendingBytes > untakenBytesMax && !this.#unread) void this.#hold()
  }

  /** The same as `send`, of a frame that many are sent: its bytes are made once, and written as they are. */
  sendShared(head: string, json: string): void {
    if (this.#isOver || this.socket.readyState !== this.socket.OPEN) return
    // Without compression ws writes at once as well, so what it sends itself stays in order.
    this.stream.write(sharedFrame(head, json))
    if (this.pendingBytes > untakenBytesMax && !this.#unread) void this.#hold()
  }

  get pendingBytes(): number {
    // Without compression ws holds nothing back itself, so this is its `bufferedAmount`.
    return this.stream.writableLength
  }

  drained(): Promise<void> {
    if (this.#isOver || !this.stream.writableNeedDrain) return Promise.resolve()
    this.#draining ??= new Promise(resolve => {
      const drained = () => {
        this.stream.off('drain', drained).off('close', drained)
        this.#draining = undefined
        resolve()
      }
      this.stream.on('drain', drained).on('close', drained)
    })
    return this.#draining
  }

  /** Says why, and ends all that runs on it. Who does not answer within a second is cut off. */
  close(code: number, reason: string): void {
    if (this.#isOver) return
    const isLong = Buffer.byteLength(reason) > reasonBytesMax
    this.socket.close(code, isLong ? reason.slice(0, reasonBytesMax / 3) : reason)
    // What is left untaken of it is to be read, or its end is not seen.
    this.socket.resume()
    this.#end(code)
  }

  #end(code: number | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.ended(code)
  }

  /** Whether it may be read: it is open, and has not sent too many. */
  #count(): boolean {
    this.#isAlive = true
    if (this.#isOver) return false
    if (this.#messages.isEmpty) this.close(closes.tooMuch, 'Too many messages')
    else this.#messages.take(1)
    return !this.#isOver
  }

  #invalid(): void {
    this.close(closes.invalidMessage, 'Invalid message received')
  }

  /** Reads nothing more until what it asked for before is taken. */
  async #hold(): Promise<void> {
    // What had already come, which is what the network hands over at once.
    const unread: (() => void)[] = (this.#unread = [])
    this.socket.pause()
    do {
      await this.drained()
      // Of a socket that is over, no end would be heard of what is begun now.
      if (!this.#isOver) unread.shift()?.()
      await setImmediate()
    } while (unread.length > 0 && !this.#isOver)
    this.#unread = undefined
    this.socket.resume()
  }

  /** Who has said nothing since the last ping, and taken nothing, is gone. */
  ping(): void {
    const takes = this.pendingBytes < this.#untakenBytes
    this.#untakenBytes = this.pendingBytes
    if (!this.#isAlive && !takes) return this.socket.terminate()
    this.#isAlive = false
    this.socket.ping()
  }
}

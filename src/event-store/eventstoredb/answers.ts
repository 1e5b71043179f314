import { type Failure, failureOf, silent } from './failure.js'
import type { InsideClient, ReadCall } from './inside-client.js'
import type { messages } from './protocol.js'

export type Answer = messages.ReadResp
/** Nothing came in that time. */
export const quiet = Symbol('quiet')
/** The server said that this was all. */
export const end = Symbol('end')

/** The messages of one read or subscription, as slowly as they are asked for: the rest waits outside. */
export class Answers {
  #failure: Failure | undefined
  #ended = false
  #wake = () => {}

  private constructor(private readonly call: ReadCall) {
    const wake = () => this.#wake()
    call.on('readable', wake)
    call.on('end', () => this.#end())
    call.on('close', () => this.#end())
    call.on('error', error => {
      this.#failure ??= failureOf(error)
      wake()
    })
  }

  static async to(client: InsideClient, request: messages.ReadReq): Promise<Answers> {
    return new Answers(await client.openRead(request))
  }

  /** Whether the next one is here already. */
  get hasNext(): boolean {
    return this.call.readableLength > 0
  }

  /** Waits so long; throws a Failure when the call failed, which loses what had not been asked for. */
  async next(withinMs: number): Promise<Answer | typeof quiet | typeof end> {
    const until = performance.now() + withinMs
    for (;;) {
      if (this.#failure) throw this.#failure
      const answer = this.call.read() as Answer | null
      if (answer) return answer
      if (this.#failure) throw this.#failure
      if (this.#ended) return end
      const left = until - performance.now()
      if (left <= 0) return quiet
      await this.#news(left)
    }
  }

  /** All of a read, which may not be silent for so long in between. */
  async *all(silentMs: number): AsyncGenerator<Answer> {
    for (;;) {
      const answer = await this.next(silentMs)
      if (answer === quiet) throw silent(silentMs)
      if (answer === end) return
      yield answer
    }
  }

  cancel(): void {
    this.call.cancel()
    this.#end()
  }

  #end(): void {
    this.#ended = true
    this.#wake()
  }

  #news(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

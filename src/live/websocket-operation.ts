import type { Failed } from './operations.js'
import type { Outlet } from './outlet.js'

/** What of a socket its operations use. */
export interface Frames {
  sendShared(head: string, json: string): void
  readonly pendingBytes: number
  drained(): Promise<void>
}

/** Tells graphql-ws why an operation ended. */
export class OperationFailed extends Error {
  constructor(readonly errors: Failed) {
    super('The operation failed')
  }
}

const done = { done: true, value: undefined } as const

/**
 * One operation on a socket, as graphql-ws iterates it: it yields nothing, since it sends its answers
 * itself, each made once for all who are told it. `next` ends when the operation does, and rejects with
 * `OperationFailed`; `return` aborts it, after which nothing more is sent.
 */
export class WebSocketOperation implements Outlet {
  readonly #aborted = new AbortController()
  readonly #head: string
  readonly #failed: Promise<Failed | undefined>

  constructor(
    id: string,
    private readonly frames: Frames,
    run: (outlet: Outlet, signal: AbortSignal) => Promise<Failed | undefined>,
  ) {
    this.#head = `{"id":${JSON.stringify(id)},"type":"next","payload":`
    const { signal } = this.#aborted
    // Its id is free again at once, whatever it is still waiting for.
    const aborted = new Promise<undefined>(resolve =>
      signal.addEventListener('abort', () => resolve(undefined)),
    )
    this.#failed = Promise.race([run(this, signal), aborted])
  }

  send(json: string): void {
    if (!this.#aborted.signal.aborted) this.frames.sendShared(this.#head, json)
  }

  get pendingBytes(): number {
    return this.frames.pendingBytes
  }

  drained(): Promise<void> {
    return this.frames.drained()
  }

  [Symbol.asyncIterator]() {
    return this
  }

  async next() {
    const failed = await this.#failed
    if (failed && !this.#aborted.signal.aborted) throw new OperationFailed(failed)
    return done
  }

  async return() {
    this.#aborted.abort()
    return done
  }
}

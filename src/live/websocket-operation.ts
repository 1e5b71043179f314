import type { Stop, Stops } from './ending.js'
import { interned } from './interned.js'
import type { Failed, Outlet } from './outlet.js'

/** What of a socket its operations use. */
export interface Frames {
  /** Those of its operations that have not ended, aborted ones included. */
  operations: number
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
const isDone = () => Promise.resolve(done)

/**
 * One operation on a socket, as graphql-ws iterates it: it yields nothing, since it sends its answers
 * itself, each made once for all who are told it. `next` ends when the operation does, and rejects with
 * `OperationFailed`; `return` aborts it, after which nothing more is sent.
 */
export class WebSocketOperation implements Outlet, Stop {
  /** Nothing more is sent. */
  aborted = false
  /** Whoever follows for it; a controller of its own would take more memory than all of this. */
  #listener: Stops | undefined
  readonly #head: string
  /** How it ended, once it has. */
  #end: (() => Promise<typeof done>) | undefined
  /** graphql-ws waits for that. */
  #waits: ((ended: Promise<typeof done>) => void) | undefined

  constructor(
    id: string,
    private readonly frames: Frames,
  ) {
    this.#head = interned(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
    frames.operations++
  }

  addEventListener(_: 'abort', listener: Stops): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
  }

  send(json: string): void {
    if (!this.aborted) this.frames.sendShared(this.#head, json)
  }

  get pendingBytes(): number {
    return this.frames.pendingBytes
  }

  drained(): Promise<void> {
    return this.frames.drained()
  }

  end(failed: Failed | undefined): void {
    this.frames.operations--
    this.#over(failed ? () => Promise.reject(new OperationFailed(failed)) : isDone)
  }

  [Symbol.asyncIterator]() {
    return this
  }

  next(): Promise<typeof done> {
    return this.#end?.() ?? new Promise(resolve => (this.#waits = resolve))
  }

  /** Its id is free again at once, whatever it is still waiting for. */
  return(): Promise<typeof done> {
    this.aborted = true
    this.#listener?.handleEvent()
    this.#over(isDone)
    return isDone()
  }

  #over(end: () => Promise<typeof done>): void {
    this.#end ??= end
    this.#waits?.(this.#end())
    this.#waits = undefined
  }
}

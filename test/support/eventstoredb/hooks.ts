import type { streams } from './protocol.js'

type Callback = (message: streams.BatchAppendReq) => void

/** Shows tests each message of each batch append as it came in, before any fault. */
export class Hooks {
  readonly #onAppend: Callback[] = []

  onAppend(callback: Callback) {
    this.#onAppend.push(callback)
  }

  received(message: streams.BatchAppendReq) {
    for (const callback of this.#onAppend) callback(message)
  }
}

/** Wakes those who wait for the log to grow; whoever stops waiting leaves nothing behind. */
export class Moves {
  #count = 0
  #ended: Error | undefined
  readonly #waiting = new Set<() => void>()

  /** Take it before reading: what comes between the read and the wait is then not missed. */
  get count(): number {
    return this.#count
  }
  get waiting(): number {
    return this.#waiting.size
  }

  moved(): void {
    this.#count++
    for (const wake of this.#waiting) wake()
  }

  /** Nothing will move again: all who wait, now or later, are told why. */
  end(why: Error): void {
    this.#ended = why
    this.moved()
  }

  /** Resolves when it moved after `count` was taken, or when aborted. */
  async since(count: number, signal: AbortSignal): Promise<void> {
    if (!this.#ended && this.#count === count && !signal.aborted)
      await new Promise<void>(resolve => {
        const wake = () => {
          this.#waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        this.#waiting.add(wake)
        signal.addEventListener('abort', wake)
      })
    if (this.#ended && !signal.aborted) throw this.#ended
  }
}

import type { Rebuilding } from './operated-store.js'

/** Tells everybody who asked for a rebuild how it goes, until it has ended. */
export class Rebuilds {
  readonly #listening = new Set<(progress: Rebuilding) => void>()

  tell(progress: Rebuilding): void {
    for (const listen of this.#listening) listen(progress)
  }

  /** Resolves when the next rebuild has ended, well or not. */
  async ended(told: (progress: Rebuilding) => void): Promise<void> {
    return new Promise(resolve => {
      const listen = (progress: Rebuilding) => {
        told(progress)
        if (progress.state === 'BUILDING') return
        this.#listening.delete(listen)
        resolve()
      }
      this.#listening.add(listen)
    })
  }
}

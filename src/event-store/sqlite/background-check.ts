import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import type { FirstBad, Progress, Verified } from './verify.js'

export interface CheckState {
  readonly checked: number
  readonly total: number
  readonly done: boolean
  /** What is wrong with the log; reading there refuses, the rest is served. */
  readonly damage?: FirstBad
}

/** The start has the machine for itself first. */
const delayMs = 250

/** Checks the whole log once after a start, without being waited for. */
export class BackgroundCheck {
  #worker: Worker | undefined
  readonly #start: NodeJS.Timeout

  constructor(
    folder: string,
    private readonly changed: (state: CheckState) => void,
  ) {
    this.#start = setTimeout(() => this.#run(folder), delayMs)
  }

  async stop(): Promise<void> {
    clearTimeout(this.#start)
    if (!this.#worker) return
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage('stop')
    await ended
  }

  #run(folder: string): void {
    const worker = new Worker(builtFile('event-store/sqlite/check-thread.js'), {
      workerData: { folder },
    })
    this.#worker = worker
    let state: CheckState = { checked: 0, total: 0, done: false }
    const change = (change: Partial<CheckState>) => this.changed((state = { ...state, ...change }))
    worker.on('message', (report: { progress: Progress } | { verified: Verified }) =>
      change('progress' in report ? report.progress : stateOf(report.verified)),
    )
    // Without a verdict nothing is known to be wrong; what it says is that it did not finish.
    worker.on('error', error =>
      change({ damage: { position: 0n, what: `could not be checked: ${error.name}` } }),
    )
    worker.once('exit', () => (this.#worker = undefined))
  }
}

function stateOf({ events, firstBad }: Verified): CheckState {
  const total = events
  return { checked: events, total, done: true, ...(firstBad && { damage: firstBad }) }
}

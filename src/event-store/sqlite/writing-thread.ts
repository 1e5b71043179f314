import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import type { Position } from '../event-store.js'
import { type Fault, errorOf } from '../fault.js'
import type { Rebuilding } from '../operated-store.js'
import type { Append, Outcome, Report } from './messages.js'
import { packed, unpackedOutcomes } from './packed.js'

/** What the thread tells besides the outcomes. */
export interface Watch {
  /** The log grew, or may have: so many appends were settled together. */
  moved(appends: number): void
  viewsAt(position: Position): void
  viewsFault(message: string | undefined): void
  rebuilding(progress: Rebuilding): void
  /** Nothing more is written until a restart. */
  stopped(fault: Fault): void
}

/** Appends wait here for the thread; beyond either bound the store is too slow to take more. */
const waitingMax = 10_000
const waitingCharactersMax = 64 * 1024 * 1024
/** While the next are still being decided, none is held back longer than this: about what a commit takes. */
const heldMsMax = 2

interface Waiting {
  readonly characters: number
  readonly resolve: (outcome: Outcome) => void
}

/** The writing thread as the main thread sees it: numbers out, outcomes in. */
export class WritingThread {
  /** For an outcome; they come in the order of the appends. */
  readonly #waiting: Waiting[] = []
  #queue: Append[] = []
  /** Since when the first of the queue is in it. */
  #heldSinceMs = 0
  #characters = 0
  #ended: Fault | undefined

  #started!: (refused?: Fault) => void

  private constructor(
    private readonly worker: Worker,
    private readonly watch: Watch,
  ) {
    worker.on('message', (report: Report) => this.#take(report))
    worker.on('error', error => this.#end(error.name))
    worker.on('exit', () => this.#end('it has ended'))
  }

  /** Resolves once the end of the log is checked; rejects with StoreDamaged, StoreFull or StoreUnavailable. */
  static async start(folder: string, watch: Watch): Promise<WritingThread> {
    const worker = new Worker(builtFile('writer.js'), { workerData: { folder } })
    const ended = once(worker, 'exit')
    const thread = new WritingThread(worker, watch)
    const refused = await new Promise<Fault | undefined>(resolve => (thread.#started = resolve))
    if (!refused) return thread
    await ended
    throw errorOf(refused)
  }

  append(append: Append): Promise<Outcome> {
    if (this.#ended) return Promise.resolve(this.#ended)
    const characters = append.events.reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (this.#waiting.length >= waitingMax || this.#characters >= waitingCharactersMax)
      return Promise.resolve(unavailable('Too many appends are waiting.'))
    return new Promise(resolve => {
      if (this.#waiting.length === 0) setImmediate(() => this.#send())
      this.#waiting.push({ characters, resolve })
      this.#characters += characters
      const nowMs = performance.now()
      if (this.#queue.length === 0) this.#heldSinceMs = nowMs
      this.#queue.push(append)
      if (nowMs - this.#heldSinceMs >= heldMsMax) this.#send()
    })
  }

  /** Asks for all views anew; the watch is told how it goes. */
  rebuild(): void {
    if (this.#ended) this.#rebuildFailed(this.#ended)
    else this.worker.postMessage('rebuild')
  }

  /** What was appended before is settled first. */
  async close(): Promise<void> {
    if (this.#ended) return
    const ended = once(this.worker, 'exit')
    this.#send()
    this.worker.postMessage('close')
    await ended
  }

  /** What comes while the thread commits goes together, in one message and one sync. */
  #send(): void {
    if (this.#queue.length === 0) return
    this.worker.postMessage(packed(this.#queue))
    this.#queue = []
  }

  #take(report: Report): void {
    if ('opened' in report) this.#started()
    else if ('refused' in report) this.#started(report.refused)
    else if ('done' in report) this.#settle(unpackedOutcomes(report.done))
    else if ('viewsAt' in report) this.watch.viewsAt(report.viewsAt)
    else if ('viewsFault' in report) this.watch.viewsFault(report.viewsFault)
    else if ('rebuilding' in report) this.watch.rebuilding(report.rebuilding)
    else this.watch.stopped(report.stopped)
  }

  #settle(outcomes: readonly Outcome[]): void {
    for (const [i, { characters, resolve }] of this.#waiting.splice(0, outcomes.length).entries()) {
      this.#characters -= characters
      resolve(outcomes[i]!)
    }
    // Nothing is on its way any more.
    if (this.#waiting.length === this.#queue.length) setImmediate(() => this.#send())
    this.watch.moved(outcomes.length)
  }

  /** What was on its way may or may not be on disk. */
  #end(why: string): void {
    if (this.#ended) return
    this.#ended = unavailable(`The writing thread cannot be used: ${why}.`)
    for (const { resolve } of this.#waiting.splice(0)) resolve({ ...this.#ended, fault: 'UNKNOWN' })
    this.#started(this.#ended)
    this.watch.stopped(this.#ended)
    this.#rebuildFailed(this.#ended)
  }

  /** Nobody waits for what nobody does any more. */
  #rebuildFailed({ message }: Fault): void {
    this.watch.rebuilding({ state: 'FAILED', position: 0n, error: message })
  }
}

const unavailable = (message: string): Fault => ({ fault: 'UNAVAILABLE', message, lasting: false })

import { once } from 'node:events'
import { setTimeout as rest } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { builtFile } from '../built-file.js'
import type { EventStoreDBSettings } from '../eventstoredb/settings.js'
import type { Report, Request } from './messages.js'

/** A thread that ended by itself is started again after this. */
const againMs = 1000
/** It may be waiting for an answer of the log when it is told to end. */
const closeMsMax = 3000

/** The views' thread as the main thread sees it; it is always there, or on its way back. */
export class ReplicaThread {
  #worker!: Worker
  #closed = false

  constructor(
    private readonly folder: string,
    private readonly settings: EventStoreDBSettings,
    private readonly told: (report: Report) => void,
  ) {
    this.#start()
  }

  /** Asks for all views anew; the reports tell how it goes. */
  rebuild(): void {
    this.#worker.postMessage('rebuild' satisfies Request)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage('close' satisfies Request)
    await Promise.race([ended, rest(closeMsMax, undefined, { ref: false })])
    await this.#worker.terminate()
  }

  #start(): void {
    const { folder, settings } = this
    this.#worker = new Worker(builtFile('replica.js'), { workerData: { folder, settings } })
    this.#worker.on('message', this.told)
    this.#worker.on('error', ({ name, message }) => this.#fail(`${name}: ${message}`))
    this.#worker.on('exit', () => this.#closed || void this.#again())
  }

  #fail(why: string): void {
    this.told({ viewsFault: `The views' thread has ended: ${why}` })
  }

  async #again(): Promise<void> {
    this.told({ rebuilding: { state: 'FAILED', position: 0n, error: 'the thread has ended' } })
    await rest(againMs, undefined, { ref: false })
    if (!this.#closed) this.#start()
  }
}

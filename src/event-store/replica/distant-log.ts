import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Position } from '../event-store.js'
import { StoreUnavailable } from '../event-store.js'
import { errorOf } from '../fault.js'
import type { StoredEvent } from '../stored-event.js'
import type { Answer, Numbered, Question } from './messages.js'

/** The longest stream takes some seconds to be read; more is a thread that hangs. */
const answerMsMax = 30_000

/**
 * A log that is far away, as a thread sees it that may wait: the views are kept by code that does one
 * thing after another, and asks for a stream in the middle of it. Another thread does the talking.
 */
export class DistantLog {
  #asked = 0

  /** `answered` is counted up for each answer that lies in the port. */
  constructor(
    private readonly port: MessagePort,
    private readonly answered: Int32Array,
  ) {}

  read = (stream: string, from: number) => this.#ask({ read: { stream, from } })
  readAll = (after: Position, limit: number) => this.#ask({ readAll: { after, limit } })

  #ask(question: Question): readonly StoredEvent[] {
    const number = ++this.#asked
    this.port.postMessage({ number, ...question })
    for (const endMs = performance.now() + answerMsMax; ;) {
      const count = Atomics.load(this.answered, 0)
      const answer = this.#take(number)
      if (answer && 'events' in answer) return answer.events
      if (answer) throw errorOf(answer)
      if (performance.now() >= endMs) throw new StoreUnavailable('The log is not answered for.')
      Atomics.wait(this.answered, 0, count, endMs - performance.now())
    }
  }

  /** What was asked before and given up is passed over. */
  #take(number: number): Answer | undefined {
    for (let got; (got = receiveMessageOnPort(this.port));) {
      const answer = got.message as Answer & Numbered
      if (answer.number === number) return answer
    }
    return undefined
  }
}

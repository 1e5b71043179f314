import { randomUUID } from 'node:crypto'
import { type AppendOutcome, noAnswer, outcomeOf } from './append-outcome.js'
import { type AppendRequest, messagesOf } from './append-request.js'
import { Failure, failureOf } from './failure.js'
import type { AppendCall } from './inside-client.js'
import type { messages } from './protocol.js'
import { uuidIn } from './uuid.js'

interface Pending {
  sent: boolean
  readonly timer: NodeJS.Timeout
  readonly settle: (outcome: AppendOutcome) => void
}

/**
 * One long call that carries appends there and answers back. Whatever ends it settles all that is
 * under way on it; an answer nobody waits for any more is ignored.
 */
export class AppendStream {
  readonly #pending = new Map<string, Pending>()
  #queue: { id: string; message: messages.BatchAppendReq }[] = []
  #blocked = false
  #ended: Failure | undefined

  constructor(
    private readonly call: AppendCall,
    private readonly abandoned: () => void,
  ) {
    call.on('data', (answer: messages.BatchAppendResp) => this.#answered(answer))
    call.on('drain', () => {
      this.#blocked = false
      this.#write()
    })
    call.on('error', error => this.#end(failureOf(error)))
    call.on('end', () => this.#end(endedBy))
    call.on('close', () => this.#end(endedBy))
  }

  get isUsable(): boolean {
    return !this.#ended
  }

  /** Always resolves, at the latest after that time. */
  append(request: AppendRequest, withinMs: number): Promise<AppendOutcome> {
    if (this.#ended) return Promise.resolve({ failure: this.#ended, mayBeWritten: false })
    const id = randomUUID()
    return new Promise(settle => {
      const timer = setTimeout(() => this.#late(id, withinMs), Math.max(withinMs, 0))
      this.#pending.set(id, { sent: false, timer, settle })
      for (const message of messagesOf(request, id)) this.#queue.push({ id, message })
      this.#write()
    })
  }

  /** It is of no use any more, nor is the client it is on; what is under way takes another. */
  abandon(): void {
    this.#end(endedBy)
    this.abandoned()
  }

  /** As fast as the server takes it. What nobody waits for any more is not sent at all. */
  #write(): void {
    const queue = this.#queue
    let taken = 0
    while (taken < queue.length && !this.#blocked && !this.#ended) {
      const { id, message } = queue[taken++]!
      const pending = this.#pending.get(id)
      if (!pending) continue
      pending.sent = true
      this.#blocked = !this.call.write(message)
    }
    if (taken > 0) this.#queue = queue.slice(taken)
  }

  #answered(answer: messages.BatchAppendResp): void {
    const id = uuidIn(answer.getCorrelationId())
    this.#settle(id, () => outcomeOf(answer))
  }

  #late(id: string, ms: number): void {
    this.#settle(id, ({ sent }) => noAnswer(ms, sent))
  }

  #settle(id: string, outcome: (pending: Pending) => AppendOutcome): void {
    const pending = this.#pending.get(id)
    if (!pending) return
    this.#pending.delete(id)
    clearTimeout(pending.timer)
    pending.settle(outcome(pending))
  }

  /** What was sent may be written or not. */
  #end(failure: Failure): void {
    if (this.#ended) return
    this.#ended = failure
    this.#queue = []
    const mayBeWritten = ({ sent }: Pending) => sent && !failure.neverSent
    for (const id of this.#pending.keys())
      this.#settle(id, pending => ({ failure, mayBeWritten: mayBeWritten(pending) }))
    this.call.end()
    this.call.cancel()
  }
}

const endedBy = new Failure('DOWN', 'EventStoreDB ended the call that carries appends.')

import { setTimeout as rest } from 'node:timers/promises'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import {
  type Position,
  OutcomeUnknown,
  StoreDamaged,
  StoreFull,
  StoreUnavailable,
} from '../event-store.js'
import { EventStoreDBEventStore } from '../eventstoredb/eventstoredb-event-store.js'
import type { EventStoreDBSettings } from '../eventstoredb/settings.js'
import { type Fault, textOf } from '../fault.js'
import type { StoredEvent } from '../stored-event.js'
import { Ahead } from './ahead.js'
import type { Answer, Numbered, Question } from './messages.js'

/** Reads the log for the views' thread, which waits for each answer, and tells it of what is new. */
const { settings, asked, answered } = workerData as {
  settings: EventStoreDBSettings
  asked: MessagePort
  answered: Int32Array
}
const port = parentPort!
const store = EventStoreDBEventStore.open(settings)
/** It goes on until the thread is ended. */
const { signal } = new AbortController()

/** Present once the views have said where they are. */
let ahead: Ahead | undefined
/** Why nothing more comes. */
let fault: unknown
const retryMs = 1000

asked.on('message', async (question: Question & Numbered) => {
  const answer = await answerTo(question).catch(faultOf)
  asked.postMessage({ number: question.number, ...answer })
  Atomics.add(answered, 0, 1)
  Atomics.notify(answered, 0)
})

async function answerTo(question: Question): Promise<Answer> {
  if ('read' in question)
    return { events: await store.read(question.read.stream, question.read.from) }
  const { after, limit } = question.readAll
  if (!ahead) {
    await assertHolds(after)
    // Another question may have come meanwhile: the log is followed once.
    if (!ahead) void follow((ahead = new Ahead(after)))
  }
  // A rebuild, or views that began anew, are further behind than what is kept here.
  if (!ahead.has(after)) return { events: await store.readAll(after, limit) }
  const events = ahead.after(after, limit)
  if (events.length === 0 && fault) throw fault
  return { events }
}

/** Views of another log, or of more than a restored backup holds, would never be noticed to be wrong. */
async function assertHolds(position: Position): Promise<void> {
  if (position > (await store.head()))
    throw new StoreDamaged(
      'The views have seen more than the log holds: run verify; if the log is right, delete the views.',
    )
}

async function follow(into: Ahead): Promise<void> {
  for (;;)
    try {
      await store.follow(into.last, event => arrived(into, event), signal, reached)
    } catch (error) {
      fault = error
      tell(into.last, false)
      await rest(retryMs)
    }
}

async function arrived(into: Ahead, event: StoredEvent): Promise<void> {
  fault = undefined
  tell(event.position, !event.stream.startsWith('incident-'))
  await into.push(event)
}

const reached = (position: Position) => {
  fault = undefined
  tell(position, false)
}

/** One message for all that came in one turn of the loop. */
let telling: { position: Position; others: boolean } | undefined
function tell(position: Position, others: boolean): void {
  if (!telling) setImmediate(() => (port.postMessage(telling), (telling = undefined)))
  telling = { position, others: others || telling?.others === true }
}

const kinds = [
  [StoreDamaged, 'DAMAGED'],
  [OutcomeUnknown, 'UNKNOWN'],
  [StoreFull, 'FULL'],
  [StoreUnavailable, 'UNAVAILABLE'],
] as const

/** An error loses its class on its way between threads. */
function faultOf(error: unknown): Fault {
  const [, kind] = kinds.find(([type]) => error instanceof type) ?? [undefined, 'UNAVAILABLE']
  return { fault: kind as Fault['fault'], message: textOf(error), lasting: false }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { type ResolvedEvent, jsonEvent } from '@eventstore/db-client'

/** An event that tells its number. */
export const event = (n: number, id?: string) =>
  jsonEvent({ type: 'Counted', data: { n }, ...(id && { id }) })

export const events = (...numbers: number[]) => numbers.map(n => event(n))

/** The number of an event as it was read. */
export const numberOf = ({ event }: ResolvedEvent) => (event!.data as { n: number }).n

/** The numbers of all that comes, or of the first so many. */
export async function numbers(source: AsyncIterable<ResolvedEvent>, count = Infinity) {
  const seen: number[] = []
  if (count === 0) return seen
  for await (const resolved of source) if (seen.push(numberOf(resolved)) === count) break
  return seen
}

/** Long enough to see that nothing comes of it. */
export const pendingMs = 150
/** What comes to something does so within this, however busy the machine is. */
const settledMs = 20_000

/** What became of it within the time: 'PENDING', 'OK', or the type or code of its error. */
export async function outcome(promise: Promise<unknown>, withinMs = settledMs): Promise<unknown> {
  const pending = sleep(withinMs, 'PENDING', { ref: false })
  return Promise.race([promise.then(() => 'OK', nameOf), pending])
}

/** For as long as it takes to see that it comes to what is expected. */
export const outcomeLike = (expected: unknown, promise: Promise<unknown>) =>
  outcome(promise, expected === 'PENDING' ? pendingMs : settledMs)

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(2)
}

function nameOf(error: { type?: string; code?: number; message?: string }) {
  return error.type ?? error.code ?? error.message
}

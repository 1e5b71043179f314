import { firstHash, seal } from '../../dist/event-store/stored-event.js'

const streams = 200

/** `count` appends of `size` events each, spread over streams, in their final bytes. */
export function work(name, count, size) {
  const ends = new Map()
  return Array.from({ length: count }, (_, i) => {
    const stream = `bench-${name}-${i % streams}`
    const events = []
    for (let n = 0; n < size; n++) events.push(next(stream, ends))
    return { stream, expectedRevision: events[0].revision - 1, events }
  })
}

function next(stream, ends) {
  const end = ends.get(stream) ?? { revision: -1, hash: firstHash(stream) }
  const event = seal(end.hash, {
    stream,
    revision: end.revision + 1,
    type: 'ObservationRecorded',
    schemaVersion: 1,
    mode: 'LIVE',
    data: { text: `p99 of checkout is ${Math.random()} s`, evidence: [] },
    occurredAt: '2026-01-01T12:00:00.000Z',
    recordedAt: '2026-01-01T12:00:00.000Z',
    actor: { type: 'USER', id: '0198c0de-0000-7000-8000-000000000001' },
    correlationId: '0123456789abcdef0123456789abcdef',
  })
  ends.set(stream, event)
  return event
}

/** All of them, so many at a time. */
export async function inFlight(store, appends, many) {
  let at = 0
  const one = async () => {
    for (let i; (i = at++) < appends.length;) {
      const { stream, expectedRevision, events } = appends[i]
      await store.append(stream, expectedRevision, events)
    }
  }
  await Promise.all(Array.from({ length: many }, one))
}

/** Per second, of `count` things. */
export async function speed(count, run) {
  const since = performance.now()
  await run()
  return (count * 1000) / (performance.now() - since)
}

export const middle = figures => figures.toSorted((a, b) => a - b)[figures.length >> 1]

/** The middle of the turns, and what half of them lie between. */
export function ofTurns(ratios) {
  const inOrder = ratios.toSorted((a, b) => a - b)
  const [low, high] = [inOrder[ratios.length >> 2], inOrder.at(-1 - (ratios.length >> 2))]
  return {
    ratio: middle(ratios).toFixed(2),
    'half of the turns': `${low.toFixed(2)}–${high.toFixed(2)}`,
  }
}

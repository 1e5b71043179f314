import { type SealedEvent, firstHash, seal } from '../../src/event-store/stored-event.js'

let streams = 0
/** A stream that no other test knows. */
export const newStream = () => `incident-${Date.now()}-${++streams}`

/** Chained events for a stream, from revision `from` after `previous`. */
export function sealed(
  stream: string,
  count: number,
  previous = firstHash(stream),
  from = 0,
  text = () => `${Math.random()}`,
): SealedEvent[] {
  const events: SealedEvent[] = []
  for (let revision = from; revision < from + count; revision++)
    events.push(
      seal(events.at(-1)?.hash ?? previous, {
        stream,
        revision,
        type: 'ObservationRecorded',
        schemaVersion: 1,
        mode: 'LIVE' as const,
        data: { text: text(), evidence: [] },
        occurredAt: '2026-01-01T12:00:00.000Z',
        recordedAt: '2026-01-01T12:00:00.000Z',
        actor: { type: 'USER', id: 'alice' },
        correlationId: 'c',
      }),
    )
  return events
}

/** What follows the last of these. */
export const after = (events: readonly SealedEvent[], count: number, text?: () => string) => {
  const { stream, hash, revision } = events.at(-1)!
  return sealed(stream, count, hash, revision + 1, text)
}

export const idsOf = (events: readonly { id: string }[]) => events.map(({ id }) => id)

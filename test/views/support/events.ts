import { type SealedEvent, firstHash, seal } from '../../../src/event-store/stored-event.js'

export interface Happened {
  readonly type: string
  readonly data: object
  readonly by: string
  readonly occurredAt: string
  readonly clock: string
}

/** The next event of a stream. */
export const eventOf = (
  stream: string,
  before: readonly SealedEvent[],
  { type, data, by = 'ada', occurredAt, clock = '2026-01-01T12:00:00.000Z' }: Partial<Happened>,
): SealedEvent =>
  seal(before.at(-1)?.hash ?? firstHash(stream), {
    stream,
    revision: before.length,
    type: type!,
    schemaVersion: 1,
    data: JSON.parse(JSON.stringify(data)) as object,
    occurredAt: occurredAt ?? clock,
    recordedAt: clock,
    actor: { type: 'USER', id: by },
    mode: 'LIVE',
    correlationId: '0'.repeat(32),
  })

/** An incident of that id is declared. */
export const declaredAs = (id: string, clock: string, mode = 'LIVE') =>
  eventOf(`incident-${id}`, [], {
    type: 'IncidentDeclared',
    data: { reference: `INC-${id}`, title: 'API down', type: 'SERVICE', mode, status: 'ACTIVE' },
    clock,
  })

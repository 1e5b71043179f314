import { firstHash, seal } from '../../dist/event-store/stored-event.js'

/** Appends of events that must all be taken. */
export function commit(writer, batch) {
  if (!writer.commit(batch).every(outcome => 'position' in outcome)) throw new Error('Not stored')
}

/** The next event of an incident, the n-th of the whole log. */
export function next(stream, before, n) {
  const revision = (before?.revision ?? -1) + 1
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString()
  const { type, data } = happening(revision, n)
  return seal(before?.hash ?? firstHash(stream), {
    stream,
    revision,
    type,
    schemaVersion: 1,
    data,
    occurredAt: at,
    recordedAt: at,
    actor: { type: 'USER', id: '0198c0de-0000-7000-8000-00000000000a' },
    mode: 'LIVE',
    policyRevision: 3,
    correlationId: '0'.repeat(32),
    commandId: `command-${n}`,
    commandDigest: '0'.repeat(64),
  })
}

const person = n => `0198c0de-0000-7000-8000-00000000000${n % 10}`
const levels = ['SEV1', 'SEV2', 'SEV3']

/** Much is said, less is done: of ten events seven are observations. */
function happening(revision, n) {
  const task = revision - (revision % 10)
  if (revision === 0) return declared(n)
  if (revision === 1) return { type: 'SeveritySet', data: { level: levels[n % 3] } }
  if (revision === 2) return { type: 'CommandClaimed', data: { commander: person(n) } }
  if (revision % 10 === 3) return assigned(task, n)
  if (revision % 10 === 5) return { type: 'TaskAcknowledged', data: { taskId: `task-${task}` } }
  if (revision % 10 === 7) return { type: 'TaskCompleted', data: { taskId: `task-${task}` } }
  return { type: 'ObservationRecorded', data: { text: `Error rate at ${n % 100} % and falling` } }
}

const declared = n => ({
  type: 'IncidentDeclared',
  data: {
    reference: `INC-${n + 1}`,
    title: `Checkout is slow in region ${n}`,
    type: 'SERVICE',
    mode: 'LIVE',
    status: 'ACTIVE',
  },
})

const assigned = (task, n) => ({
  type: 'TaskAssigned',
  data: {
    taskId: `task-${task}`,
    title: 'Look at the error budget',
    assignee: person(n),
    dueAt: '2026-01-01T13:00:00.000Z',
  },
})

import { documentOf } from '../../support/live-incident.mjs'

/** Each with what it needs of chance; many are refused, which is an answer too. */
const kinds = [
  ['recordObservation', ({ below }) => ({ text: `Error rate is at ${below(100)} %` })],
  ['recordObservation', ({ below }) => ({ text: 'x'.repeat(1 + below(2000)) })],
  [
    'setSeverity',
    ({ one }) => ({ level: one(['SEV1', 'SEV2', 'SEV3']), reason: 'As it looks now' }),
  ],
  ['changeTitle', ({ below }) => ({ title: `Title ${below(1000)}` })],
  ['claimCommand', () => undefined],
  [
    'assignTask',
    ({ below }) => ({
      title: 'Look',
      assignee: { person: 'admin' },
      timeboxMinutes: 1 + below(90),
    }),
  ],
  ['mitigateIncident', () => ({ summary: 'Rolled back' })],
  ['resolveIncident', () => ({ summary: 'Over' })],
  ['reopenIncident', () => ({ reason: 'Not over' })],
  ['setServices', ({ below }) => ({ services: [`service-${below(5)}`] })],
]
/** One in so many begins a new incident. */
const declareEvery = 12

/** The next command of a writer, under a name of its own. */
export function commandOf(source, commandId, incidents) {
  const [declares, kind, which] = [
    source.below(declareEvery) === 0,
    source.one(kinds),
    source.below(1e6),
  ]
  const [mutation, inputOf] = kind
  const input = inputOf(source)
  const options = { commandId }
  if (declares || incidents.length === 0) {
    const title = { title: commandId }
    const query = documentOf('declareIncident', { input: title })
    return { commandId, query, variables: { input: title, options }, declares: true }
  }
  const id = incidents[which % incidents.length]
  return {
    commandId,
    query: documentOf(mutation, { id, input }),
    variables: { id, input, options },
  }
}

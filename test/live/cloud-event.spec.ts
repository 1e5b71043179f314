import { expect, test } from '@jest/globals'
import { CloudEvent } from 'cloudevents'
import { cursorOf } from '../../src/api/cursor.js'
import { eventAnswer } from '../../src/api/event.answer.js'
import type { Directory } from '../../src/commands/directory.js'
import type { StoredEvent } from '../../src/event-store/stored-event.js'
import { cloudEvent } from '../../src/live/cloud-event.js'
import { schemaUrl } from '../../src/live/event-schemas.js'
import { isOfOrganisation, sealedExamples } from '../support/examples.js'

const at = 'https://ledger.example.org'
const of = (event: StoredEvent) => cloudEvent(event, type => schemaUrl(at, type))
const events = sealedExamples().map(({ event }, i) => ({ ...event, position: BigInt(i + 1) }))
const names = { name: () => 'Somebody' } as unknown as Directory

test.each(events.map(event => [event.type, event] as const))('%s is a CloudEvent', (_, event) => {
  const told = of(event)
  const strict = new CloudEvent({ ...told })
  expect(strict.validate()).toBe(true)
  expect(JSON.parse(JSON.stringify(strict))).toEqual(told)
  for (const name of Object.keys(told)) expect(name).toMatch(/^[a-z0-9]{1,20}$/)
})

test.each(events.map(event => [event.type, event] as const))(
  '%s says all that the query of events says, but names',
  (_, event) => {
    const { actor, ...answer } = eventAnswer(event, names)
    const { occurredAt: time, recordedAt: recordedtime, incidentId, ...rest } = answer
    const said = Object.entries(rest).filter(([, value]) => value !== null)
    const expected = {
      ...Object.fromEntries(said.map(([name, value]) => [name.toLowerCase(), value])),
      time,
      recordedtime,
      ...(incidentId !== null && { subject: incidentId }),
      actortype: actor.type,
      actorid: actor.id,
      ...(actor.via != null && { actorvia: actor.via }),
    }
    expect(of(event)).toMatchObject(expected)
  },
)

test('an event of an incident, whole', () => {
  const event = events.find(({ type }) => type === 'SeveritySet')!
  expect(of(event)).toEqual({
    specversion: '1.0',
    id: event.id,
    source: '/incidents/0198c0de-0000-7000-8000-000000000006',
    type: 'dev.incidentledger.incident.severity_set.v1',
    subject: '0198c0de-0000-7000-8000-000000000006',
    time: '2026-01-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: `${at}/schemas/dev.incidentledger.incident.severity_set.v1.json`,
    sequence: '000000009',
    partitionkey: '0198c0de-0000-7000-8000-000000000006',
    recordedtime: '2026-01-01T12:01:00.000Z',
    correlationid: '0af7651916cd43dd8448eb211c80319c',
    causationid: '0198c0de-0000-8000-8000-000000000005',
    cursor: cursorOf(event),
    revision: 9,
    mode: 'DRILL',
    actortype: 'USER',
    actorid: '0198c0de-0000-7000-8000-000000000001',
    actorvia: '0198c0de-0000-7000-8000-000000000004',
    timing: 'APPROXIMATE',
    occurreduntil: '2026-01-01T12:30:00.000Z',
    overridereason: 'Nobody answers',
    policyrevision: 7,
    commandid: 'chat-1',
    hash: event.hash,
    data: { level: 'SEV2', reason: 'Zwölf Server – 🔥' },
  })
})

test('what people wrote is a String as CloudEvents have it, which has no control characters', () => {
  const [first] = events as [StoredEvent]
  const { overridereason, commandid } = of({
    ...first,
    overrideReason: 'Two\nlines',
    commandId: 'chat\u0000\u009f\uffff🔥',
  })
  expect([overridereason, commandid]).toEqual(['Two lines', 'chat   🔥'])
})

test('events of the organisation have a source of their own, and no subject', () => {
  const event = events.find(({ type }) => isOfOrganisation(type))!
  const { source, subject, partitionkey } = of(event) as Record<string, unknown>
  expect({ source, subject, partitionkey }).toEqual({
    source: '/organisation',
    subject: undefined,
    partitionkey: 'organisation',
  })
})

test('of one source, sequences are in the order of the events, as texts', () => {
  const [first] = events as [StoredEvent]
  const sequences = [0, 9, 10, 99, 100, 49_999, 999_999_999].map(
    revision => of({ ...first, revision }).sequence,
  )
  expect(sequences.toSorted()).toEqual(sequences)
})

test('a type that has no schema here names none', () => {
  const [first] = events as [StoredEvent]
  expect(cloudEvent({ ...first, type: 'RobotPraised' }, () => undefined)).not.toHaveProperty(
    'dataschema',
  )
})

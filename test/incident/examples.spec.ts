import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { firstHash, unseal } from '../../src/event-store/stored-event.js'
import { type IncidentEvent, incidents } from '../../src/incident/incident.js'
import { type OrganisationEvent, organisations } from '../../src/organisation/organisation.js'
import { isOfOrganisation, sealedExamples } from '../support/examples.js'

interface Row {
  readonly type: string
  readonly hash: string
  readonly bytes: string
}
/** Written once. A line here never changes: what it says is stored somewhere. New events add lines at the end. */
const stored = JSON.parse(
  readFileSync(new URL('../support/examples.stored.json', import.meta.url), 'utf8'),
) as readonly Row[]
const sealed = sealedExamples()

test('every example is stored as it ever was', () =>
  expect(sealed.map(({ event, bytes }) => ({ type: event.type, hash: event.hash, bytes }))).toEqual(
    stored,
  ))

test('stored bytes read back as the events they were made of', () => {
  const last = new Map<string, string>()
  stored.forEach((row, n) => {
    const { event } = sealed[n]!
    const previous = last.get(event.stream) ?? firstHash(event.stream)
    const { position, ...read } = unseal(previous, { ...row, position: BigInt(n) as never })
    expect([position, read]).toEqual([BigInt(n), event])
    last.set(event.stream, row.hash)
  })
})

test('SHA-256 is all it takes to check a chain, and the id is the head of the hash', () => {
  const sha256 = (...parts: (string | Buffer)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
  const last = new Map<string, Buffer>()
  for (const { event, bytes } of sealed) {
    const previous = last.get(event.stream) ?? sha256(Buffer.of(3), event.stream)
    const hash = sha256(Buffer.of(2), previous, sha256(bytes))
    last.set(event.stream, hash)
    expect(event.hash).toBe(hash.toString('hex'))
    expect(event.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(event.id.slice(0, 13)).toBe(`${event.hash.slice(0, 8)}-${event.hash.slice(8, 12)}`)
  }
})

test('a changed byte is found', () => {
  const [{ bytes, hash }] = stored as [Row]
  expect(() =>
    unseal(firstHash(sealed[0]!.event.stream), {
      bytes: bytes.replace('Checkout', 'Checkin '),
      hash,
      position: 1n as never,
    }),
  ).toThrow('changed')
})

test.each([
  [
    'IncidentDeclared',
    '206ef6e5c39fba4b8c3719ca914db237dba7989f6f611290e8d625e5fff4ef89',
    '{"actor":{"id":"0198c0de-0000-7000-8000-000000000001","type":"USER","via":"0198c0de-0000-7000-8000-000000000004"},"causationId":"0198c0de-0000-8000-8000-000000000005","commandDigest":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","commandId":"chat-1","correlationId":"0af7651916cd43dd8448eb211c80319c","data":{"effect":"OUTAGE","mode":"DRILL","reference":"INC-1","status":"TRIAGE","title":"Checkout fails","type":"SERVICE"},"mode":"DRILL","occurredAt":"2026-01-01T12:00:00.000Z","occurredUntil":"2026-01-01T12:30:00.000Z","overrideReason":"Nobody answers","policyRevision":7,"recordedAt":"2026-01-01T12:01:00.000Z","revision":0,"schemaVersion":1,"stream":"incident-0198c0de-0000-7000-8000-000000000006","timing":"APPROXIMATE","type":"IncidentDeclared"}',
  ],
  [
    'CommandTaken',
    '6f6af093180ce11b9924edf45903739a4f85e395f4bb5b48f5ffeacd6cf8ffda',
    '{"actor":{"id":"0198c0de-0000-7000-8000-000000000001","type":"USER","via":"0198c0de-0000-7000-8000-000000000004"},"causationId":"0198c0de-0000-8000-8000-000000000005","commandDigest":"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff","commandId":"chat-1","correlationId":"0af7651916cd43dd8448eb211c80319c","data":{"commander":"0198c0de-0000-7000-8000-000000000002","from":"0198c0de-0000-7000-8000-000000000001","reason":"Zwölf Server – 🔥"},"mode":"DRILL","occurredAt":"2026-01-01T12:00:00.000Z","occurredUntil":"2026-01-01T12:30:00.000Z","overrideReason":"Nobody answers","policyRevision":7,"recordedAt":"2026-01-01T12:01:00.000Z","revision":14,"schemaVersion":1,"stream":"incident-0198c0de-0000-7000-8000-000000000006","timing":"APPROXIMATE","type":"CommandTaken"}',
  ],
  [
    'PersonRegistered',
    '84fccf6f9518e589fdf6a6c99c8f460e123e6eaf49f8e176432e2361af2c3a3c',
    '{"actor":{"id":"first-start","type":"SYSTEM"},"correlationId":"0af7651916cd43dd8448eb211c80319c","data":{"handle":"alice","identities":[{"provider":"slack","subject":"U024BE7LH"}],"name":"Alice A.","personId":"0198c0de-0000-7000-8000-000000000001","timeZone":"Europe/Zurich"},"mode":"LIVE","occurredAt":"2026-01-01T12:00:00.000Z","recordedAt":"2026-01-01T12:01:00.000Z","revision":0,"schemaVersion":1,"stream":"organisation","type":"PersonRegistered"}',
  ],
])('%s is these bytes and this hash, for ever', (type, hash, bytes) => {
  const { event, ...example } = sealed.find(({ event }) => event.type === type)!
  expect([event.hash, example.bytes]).toEqual([hash, bytes])
})

describe.each(sealed.map(({ event }) => [event.type, event] as const))('%s', (type, event) => {
  const name = () => 'Somebody'
  const told = () => {
    if (isOfOrganisation(type)) {
      const read = event as unknown as OrganisationEvent
      return organisations.narrate(read, name, organisations.evolve(organisations.initial, read))
    }
    const read = event as unknown as IncidentEvent
    return incidents.narrate(read, name, incidents.evolve(incidents.initial, read))
  }

  test('is known, folds and tells something', () => {
    expect((isOfOrganisation(type) ? organisations : incidents).knows(event)).toBe(true)
    expect(told().text).toMatch(/\w{3}/)
    expect(told().text).not.toMatch(/undefined|null|\[object|NaN/)
  })
})

test('the examples fold one after another', () => {
  const of = (organisation: boolean) =>
    sealed.map(({ event }) => event).filter(({ type }) => isOfOrganisation(type) === organisation)
  const incident = of(false).reduce(
    (state, event) => incidents.evolve(state, event as unknown as IncidentEvent),
    incidents.initial,
  )
  const organisation = of(true).reduce(
    (state, event) => organisations.evolve(state, event as unknown as OrganisationEvent),
    organisations.initial,
  )
  expect(incident.lifecycle.status).toBe('POST_INCIDENT')
  expect(incident.tasks.size).toBe(1)
  expect([...organisation.people.values()].map(({ handle }) => handle)).toEqual(['alice.b'])
})

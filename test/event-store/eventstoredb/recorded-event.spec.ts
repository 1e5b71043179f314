import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalize } from 'json-canonicalize'
import { StoreDamaged } from '../../../src/event-store/event-store.js'
import { fromServer, toServer } from '../../../src/event-store/eventstoredb/recorded-event.js'
import type { ServerRecord } from '../../../src/event-store/eventstoredb/server-record.js'
import {
  type Envelope,
  type SealedEvent,
  firstHash,
  seal,
} from '../../../src/event-store/stored-event.js'
import { sealed } from '../sealed.js'

const plain = (): Envelope => ({
  stream: 'incident-1',
  revision: 0,
  type: 'TaskAssigned',
  schemaVersion: 1,
  mode: 'LIVE',
  data: { task: 'restart' },
  occurredAt: '2026-01-01T12:00:00.000Z',
  recordedAt: '2026-01-01T12:00:00.000Z',
  actor: { type: 'USER', id: 'alice' },
  correlationId: '0af7651916cd43dd8448eb211c80319c',
})
const sealedOf = (more: object = {}) =>
  seal(firstHash('incident-1'), { ...plain(), ...more } as Envelope)

/** The event as the server gives it back. */
const stored = (event: SealedEvent, changed: Partial<ServerRecord> = {}): ServerRecord => ({
  ...toServer(event),
  stream: event.stream,
  isJson: true,
  revision: BigInt(event.revision),
  position: { commit: 77n, prepare: 77n },
  ...changed,
})
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()
const bytesAgain = (event: SealedEvent) => {
  const {
    id: _,
    hash: __,
    position: ___,
    ...envelope
  } = fromServer(event.stream, stored(event))!.event as object as Record<string, unknown>
  return canonicalize(envelope)
}

test("on the server the data stands alone, and the correlation where the server's users look", () => {
  const event = sealedOf({ causationId: 'before', commandId: 'c-1' })
  const { data, metadata, type, id } = toServer(event)
  expect({ type, id }).toEqual({ type: 'TaskAssigned', id: event.id })
  expect(JSON.parse(textOf(data))).toEqual({ task: 'restart' })
  const { stream: _, type: __, data: ___, correlationId, ...rest } = plain()
  expect(JSON.parse(textOf(metadata))).toEqual({
    ...rest,
    commandId: 'c-1',
    $correlationId: correlationId,
    $causationId: 'before',
    hash: event.hash,
    previousHash: firstHash('incident-1'),
  })
})

test.each<[string, object]>([
  ['as it mostly is', {}],
  ['with a cause', { causationId: '5b1f' }],
  ['without a correlation', { correlationId: undefined }],
  ['with members that only a newer version knows', { format: 2, more: { deep: [null, true] } }],
  ['with no data', { data: {} }],
  ['with keys that are numbers', { data: { 10: 'a', 9: 'b', '-1': 'c', '01': 'd' } }],
  ['with numbers at the edges', { data: { n: [1e21, 1e-7, -0, 5e-324, 2 ** 53, 0.1 + 0.2] } }],
  ['with any letters', { data: { text: 'Größe 事故 \u0000 \u2028 🚒 é e\u0301 \\ "' } }],
  ['with a member of data called toJSON', { data: { b: 1, toJSON: 'x', a: 2 } }],
])('an event %s comes back in the same bytes', (_, more) => {
  const event = sealedOf(more)
  expect(bytesAgain(event)).toBe(event.bytes)
})

test.each(['__proto__', 'constructor', 'hasOwnProperty', 'then', 'toString', ''])(
  'an event comes back in the same bytes with a key %j anywhere',
  key => {
    const odd = JSON.parse(`{${JSON.stringify(key)}:{"x":1}}`) as object
    const envelope = JSON.parse(
      canonicalize(plain()).replace(/}$/, `,${JSON.stringify(key)}:{"y":2}}`),
    ) as Envelope
    Object.assign(envelope, { data: odd })
    const event = seal(firstHash('incident-1'), envelope)
    expect(event.bytes).toContain('"y":2')
    expect(bytesAgain(event)).toBe(event.bytes)
  },
)

test('whatever is sealed comes back in the same bytes', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '10', '9', 'é'))
  const text = fc.string({ unit: 'grapheme' })
  const value = fc.letrec<{ any: unknown }>(tie => ({
    any: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(key, tie('any'), { maxKeys: 5 }),
    ),
  })).any
  const more = fc.dictionary(text, value, { maxKeys: 3 })
  const own = new Set(['hash', 'previousHash', '$correlationId', '$causationId', 'id', 'position'])
  fc.assert(
    fc.property(fc.dictionary(key, value), more, (data, members) => {
      const known = Object.entries(members).filter(([name]) => !own.has(name) && !(name in plain()))
      const event = sealedOf({ ...Object.fromEntries(known), data })
      expect(bytesAgain(event)).toBe(event.bytes)
    }),
    { numRuns: 500 },
  )
})

test.each(['hash', 'previousHash', '$correlationId', '$causationId'])(
  'an event with a member %s of its own is refused, since it could not be told from ours',
  name => {
    expect(() => toServer(sealedOf({ [name]: 'x' }))).toThrow(TypeError)
  },
)

describe('an event somebody else wrote is none of ours:', () => {
  const event = sealedOf()
  const metadata = JSON.parse(textOf(toServer(event).metadata)) as Record<string, unknown>
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  test.each<[string, Partial<ServerRecord>]>([
    ['no JSON', { isJson: false }],
    ['no metadata', { metadata: new Uint8Array() }],
    ['metadata that is no JSON', { metadata: Buffer.from('{') }],
    ['metadata that is no object', { metadata: json([1]) }],
    ['metadata that is null', { metadata: json(null) }],
    ['no hash', { metadata: json({ ...metadata, hash: undefined }) }],
    ['no previous hash', { metadata: json({ ...metadata, previousHash: undefined }) }],
    ['a hash that is none', { metadata: json({ ...metadata, hash: 'abc' }) }],
    ['a previous hash that is a number', { metadata: json({ ...metadata, previousHash: 7 }) }],
  ])('%s', (_, changed) => {
    expect(fromServer('incident-1', stored(event, changed))).toBeUndefined()
  })

  test('a ledger whose prefix begins with ours', () => {
    expect(fromServer('drills-incident-1', stored(event))).toBeUndefined()
  })
})

describe('an event of ours that was changed is told as damage:', () => {
  const [event] = sealed('incident-1', 1)
  const record = stored(event!)
  const metadata = JSON.parse(textOf(record.metadata)) as Record<string, unknown>
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const zeros = '0'.repeat(64)
  test.each<[string, Partial<ServerRecord>]>([
    ['its data', { data: json({ text: 'other' }) }],
    ['its data, to no JSON', { data: Buffer.from('x') }],
    ['its type', { type: 'Other' }],
    ['its id', { id: '00000000-0000-8000-8000-000000000000' }],
    ['its actor', { metadata: json({ ...metadata, actor: { type: 'USER', id: 'bob' } }) }],
    ['its revision', { metadata: json({ ...metadata, revision: 1 }) }],
    ['its hash', { metadata: json({ ...metadata, hash: zeros }) }],
    ['what it follows', { metadata: json({ ...metadata, previousHash: zeros }) }],
    ['a new member', { metadata: json({ ...metadata, more: 1 }) }],
  ])('%s', (_, changed) => {
    expect(() => fromServer('incident-1', stored(event!, changed))).toThrow(StoreDamaged)
  })

  test('its stream', () => {
    expect(() => fromServer('incident-2', record)).toThrow(StoreDamaged)
  })
})

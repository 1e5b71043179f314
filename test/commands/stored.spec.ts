import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Envelope, type StoredEvent, seal } from '../../src/event-store/stored-event.js'
import { type App, codeOf, dataOf, logOf, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const stream = (id: string) => app.store.read(`incident-${id}`, 0)
const last = async (id: string) => (await stream(id)).at(-1)!

test('a hundred repeats of twenty commands at once have twenty effects and identical answers', async () => {
  const id = await app.declared()
  const send = (n: number) =>
    app.ask(
      'alice',
      `mutation ($id: ID!, $n: String!) { recordObservation(incidentId: $id, input: { text: $n },
        options: { commandId: $n }) {
        revision position viewsCaughtUp events { id data recordedAt } incident { revision title
          timeline(first: 100) { nodes { eventId sentence } } tasks { nodes { id } } } } }`,
      { id, n: `n${n}` },
    )
  const before = await app.store.head()
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => send(i % 20)))
  expect(await app.store.head()).toBe(before + 20n)
  for (const [i, answer] of answers.entries()) {
    expect(dataOf(answer)).toBeDefined()
    expect(answer).toEqual(answers[i % 20])
  }
})

test('a declaration repeated at once declares one incident', async () => {
  const options = { commandId: 'alert-7' }
  const answers = await Promise.all(
    Array.from({ length: 50 }, () =>
      app.act('robot', 'declareIncident', undefined, { title: 'Seven' }, options),
    ),
  )
  for (const answer of answers) expect(answer).toEqual(answers[0])
  expect(await stream(answers[0]!.incident.id)).toHaveLength(2)
  const other = await app.act('alice', 'declareIncident', undefined, { title: 'Seven' }, options)
  expect(other.incident.id).not.toBe(answers[0]!.incident.id)
})

test('a hundred incidents declared at once have a hundred references', async () => {
  const receipts = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      app.act('alice', 'declareIncident', undefined, { title: `At once ${n}` }),
    ),
  )
  const references = receipts.map(({ incident }) => incident.reference)
  expect(new Set(references).size).toBe(100)
  for (const reference of references) expect(reference).toMatch(/^INC-[1-9]\d*$/)
  for (const { incident } of receipts) {
    const found = await app.told('rob', `{ incident(reference: "${incident.reference}") { id } }`)
    expect(found.incident.id).toBe(incident.id)
  }
})

describe('an event', () => {
  test('carries the revision of the organisation that it was decided under', async () => {
    const organisation = (await app.store.read('organisation', 0)).length - 1
    const id = await app.declared()
    expect((await last(id)).policyRevision).toBe(organisation)
    await app.told(
      'root',
      'mutation { registerPerson(input: { handle: "zoe", name: "Zoe" }) { revision } }',
    )
    await app.act('alice', 'claimCommand', id)
    expect((await last(id)).policyRevision).toBe(organisation + 1)
    for (const event of await app.store.read('organisation', 0))
      expect(event).not.toHaveProperty('policyRevision')
  })

  test.each([
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['00-00000000000000000000000000000000-00f067aa0ba902b7-01', undefined],
    ['00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01', undefined],
    ['hello', undefined],
    ['', undefined],
  ])('with the traceparent “%s” belongs to the trace %s', async (traceparent, trace) => {
    const declare = 'mutation { declareIncident(input: { title: "x" }) { incident { id } } }'
    const ids: string[] = []
    for (let n = 0; n < 2; n++) {
      const { declareIncident } = dataOf(await app.ask('alice', declare, {}, { traceparent }))
      const events = await stream(declareIncident.incident.id)
      expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1)
      expect(events[0]!.correlationId).toMatch(/^[0-9a-f]{32}$/)
      ids.push(events[0]!.correlationId)
    }
    expect(ids[0] === ids[1]).toBe(trace !== undefined)
    if (trace) expect(ids[0]).toBe(trace)
  })

  test('is never recorded before the one before it, whatever becomes of the clock', async () => {
    const id = await app.declared()
    app.clock.push(10)
    await app.act('alice', 'claimCommand', id)
    app.clock.push(-30)
    await app.act('alice', 'recordObservation', id, { text: 'The clock was set back' })
    await app.act('alice', 'releaseRole', id, { role: 'INCIDENT_COMMANDER', reason: 'x' })
    const [claimed, noted, released] = (await stream(id)).slice(-3)
    expect(noted!.recordedAt).toBe(claimed!.recordedAt)
    expect(released!.recordedAt).toBe(claimed!.recordedAt)
    expect(noted!.occurredAt < claimed!.occurredAt).toBe(true)
    expect(released!.occurredAt).toBe(claimed!.occurredAt)
    app.clock.push(20)
  })

  test('has only the members it needs, and a digest only with a commandId', async () => {
    const id = await app.declared()
    await app.act('alice', 'recordObservation', id, { text: 'x' }, { commandId: 'c' })
    const [declared, , noted] = await stream(id)
    const plain = [
      'actor',
      'correlationId',
      'data',
      'hash',
      'id',
      'mode',
      'occurredAt',
      'policyRevision',
      'position',
      'recordedAt',
      'revision',
      'schemaVersion',
      'stream',
      'type',
    ]
    expect(Object.keys(declared!).toSorted()).toEqual(plain)
    expect(Object.keys(noted!).toSorted()).toEqual(
      [...plain, 'commandDigest', 'commandId'].toSorted(),
    )
  })
})

describe('what a newer version wrote', () => {
  const extend = (event: StoredEvent, more: object) => {
    const { id: _, hash, position: __, ...envelope } = event
    const next = { ...envelope, revision: envelope.revision + 1, ...more }
    return app.store.append(event.stream, event.revision, [seal(hash, next as Envelope)])
  }

  describe.each<[string, object]>([
    ['an unknown event', { type: 'CustomerNotified', data: { by: 'mail' } }],
    ['a higher version of a known event', { type: 'SeveritySet', schemaVersion: 2 }],
    ['an unknown member of the envelope', { format: 'sealed' }],
  ])('%s', (_, more) => {
    let id: string
    beforeAll(async () => {
      id = await app.declared()
      await app.act('alice', 'recordObservation', id, { text: 'x' }, { commandId: 'before' })
      await extend(await last(id), {
        type: 'SeveritySet',
        data: { level: 'SEV1' },
        commandId: undefined,
        commandDigest: undefined,
        ...more,
      })
    })

    test.each([
      ['recordObservation', { text: 'x' }],
      ['closeIncident', {}],
      ['claimCommand', undefined],
    ])('makes %s impossible', async (mutation, input) => {
      const before = await app.store.head()
      expect(codeOf(await app.command('alice', mutation, id, input))).toBe('NEWER_VERSION')
      expect(await app.store.head()).toBe(before)
    })

    test('leaves a command answered that was done before', async () => {
      const options = { commandId: 'before' }
      expect(await app.act('alice', 'recordObservation', id, { text: 'x' }, options)).toMatchObject(
        {
          revision: 2,
        },
      )
    })

    test('is shown as what it is, and the incident in lists', async () => {
      const { incident, incidents } = await app.told(
        'rob',
        `{ incident(id: "${id}") { revision viewerCan timeline(order: RECORDED) { nodes { type sentence } }
            postmortem { markdown } brief { text } }
          incidents(first: 100) { nodes { id } } }`,
      )
      expect(incident.revision).toBe(3)
      expect(incident.timeline.nodes).toHaveLength(4)
      expect(incidents.nodes.map((node: { id: string }) => node.id)).toContain(id)
      const { events } = await app.told(
        'rob',
        `{ events(filter: { incidentId: "${id}" }) { nodes { type hash } } }`,
      )
      expect(events.nodes.at(-1).hash).toBe((await last(id)).hash)
      if ('type' in more && 'data' in more)
        expect(incident.timeline.nodes.at(-1).sentence).toMatch(
          /does not know: .*customer_notified\.v1/,
        )
    })

    test('offers its viewer nothing that would be refused', async () => {
      const { incident } = await app.told('alice', `{ incident(id: "${id}") { viewerCan } }`)
      expect(incident.viewerCan).toEqual([])
    })
  })

  test('in the organisation stops changes there, and nobody’s key', async () => {
    const other = await startApp()
    try {
      const before = (await other.store.read('organisation', 0)).at(-1)!
      const { id: _, hash, position: __, commandId: ___, commandDigest: ____, ...envelope } = before
      const next = { ...envelope, revision: before.revision + 1, type: 'TeamFormed', data: {} }
      await other.store.append('organisation', before.revision, [seal(hash, next)])
      const register =
        'mutation { registerPerson(input: { handle: "zoe", name: "Zoe" }) { revision } }'
      expect(codeOf(await other.ask('root', register))).toBe('NEWER_VERSION')
      expect(await other.declared()).toBeDefined()
    } finally {
      await other.close()
    }
  })
})

test('the log is whole after all of this', async () => {
  const events = await logOf(app.store)
  expect(events.map(({ position }) => position)).toEqual(events.map((_, i) => BigInt(i + 1)))
  const at = new Map<string, number>()
  for (const { stream: name, revision } of events) {
    expect(revision).toBe((at.get(name) ?? -1) + 1)
    at.set(name, revision)
  }
})

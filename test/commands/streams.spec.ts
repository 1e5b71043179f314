import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Asked } from '../../src/commands/asked.js'
import { incidentSubject } from '../../src/commands/incident-subject.js'
import { Streams } from '../../src/commands/streams.js'
import type { Subject } from '../../src/commands/subject.js'
import { Rejected } from '../../src/decider/facet.js'
import { OutcomeUnknown } from '../../src/event-store/event-store.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import { sliceMsMax } from '../../src/in-slices.js'
import { statusOf } from '../../src/incident/guards.js'
import type { Incident, IncidentCommand } from '../../src/incident/incident.js'
import { nothingSettled } from '../../src/incident/policy.js'
import { newFolder } from '../support/app.js'
import { FaultyStore } from '../support/faulty-store.js'

let sqlite: SqliteEventStore
let store: FaultyStore
beforeAll(async () => {
  sqlite = await SqliteEventStore.open(newFolder())
  store = new FaultyStore(sqlite)
})
afterAll(() => sqlite.close())

type Incidents = Streams<Incident, IncidentCommand>
const surroundings = {
  clock: () => new Date().toISOString(),
  key: (id: string) => id,
  person: (id: string) => id,
  called: () => [],
  policy: () => nothingSettled,
  policyRevision: () => 0,
}
/** As one process has it: with a cache of its own. */
const replica = (subject: Subject<Incident, IncidentCommand> = incidentSubject): Incidents =>
  new Streams(store, subject, surroundings)

const by = (id: string, rest: Partial<Asked> = {}): Asked => ({
  actor: { type: 'USER', id },
  correlationId: '0'.repeat(32),
  ...rest,
})
const note = (text: string): IncidentCommand => ({ type: 'RecordObservation', data: { text } })

async function declared(streams: Incidents, title = 'Down'): Promise<string> {
  const stream = `incident-${randomUUID()}`
  const making = async () => ({ reference: 'INC-1' })
  await streams.execute(stream, { type: 'DeclareIncident', data: { title } }, by('alice'), making)
  return stream
}
const texts = async (stream: string) =>
  (await sqlite.read(stream, 2)).map(({ data }) => (data as { text: string }).text)
const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === 'fulfilled'
    ? 'taken'
    : outcome.reason instanceof Rejected
      ? outcome.reason.code
      : outcome.reason.constructor.name
const passed = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const times = <T>(count: number, one: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => one(n))

describe('many commands at once on one incident', () => {
  test('are each recorded once, in some order, and share commits', async () => {
    const streams = replica()
    const stream = await declared(streams)
    const before = await sqlite.head()
    const taken = await Promise.all(
      times(300, n => streams.execute(stream, note(`${n}`), by('alice'))),
    )
    expect(await sqlite.head()).toBe(before + 300n)
    expect((await texts(stream)).toSorted()).toEqual(times(300, String).toSorted())
    expect(taken.map(({ revision }) => revision)).toEqual(times(300, n => n + 2))
    for (const { revision, events, state } of taken) {
      expect(events.map(event => event.revision)).toEqual([revision])
      expect(state.notes.observations).toBe(revision - 1)
    }
  })

  test('that are the same by name are one, and all get its answer', async () => {
    const streams = replica()
    const stream = await declared(streams)
    const answers = await Promise.all(
      times(100, n =>
        streams.execute(stream, note(`${n % 20}`), by('alice', { commandId: `c${n % 20}` })),
      ),
    )
    expect((await texts(stream)).toSorted()).toEqual(times(20, String).toSorted())
    for (const [n, answer] of answers.entries()) {
      const { revision, position, events } = answers[n % 20]!
      expect(answer).toMatchObject({ revision, position, events: [{ id: events[0]!.id }] })
    }
  })

  test('do not make those that write nothing too busy to be answered', async () => {
    const streams = replica()
    const stream = await declared(streams)
    await streams.execute(stream, { type: 'ClaimCommand', data: {} }, by('alice'))
    await streams.execute(stream, note('named'), by('alice', { commandId: 'named' }))
    store.slowMs = 10
    let writing = true
    const writers = times(64, async () => {
      while (writing) {
        await passed(Math.random() * 40)
        await streams.execute(stream, note('more'), by('bob'))
      }
    })
    await passed(50)
    const nothingWritten = [
      ['taken', note('named'), by('alice', { commandId: 'named' })],
      ['COMMAND_ID_REUSED', note('other'), by('alice', { commandId: 'named' })],
      ['taken', { type: 'ClaimCommand', data: {} }, by('alice')],
      ['COMMAND_HELD', { type: 'ClaimCommand', data: {} }, by('bob')],
    ] as const
    const outcomes: string[][] = times(4, () => [])
    await Promise.all(
      nothingWritten.map(async ([, command, asked], i) => {
        for (let n = 0; n < 25; n++) {
          await passed(Math.random() * 5)
          const [outcome] = await Promise.allSettled([streams.execute(stream, command, asked)])
          outcomes[i]!.push(codeOf(outcome!))
        }
      }),
    )
    writing = false
    await Promise.all(writers)
    store.slowMs = 0
    expect(outcomes).toEqual(nothingWritten.map(([expected]) => times(25, () => expected)))
  })

  test('with the revision they expect let one win, and tell the others what happened', async () => {
    const streams = replica()
    const stream = await declared(streams)
    const outcomes = await Promise.allSettled(
      times(20, n => streams.execute(stream, note(`${n}`), by('alice', { expectedRevision: 1 }))),
    )
    expect(outcomes.map(codeOf).toSorted()).toEqual([
      ...times(19, () => 'VERSION_CONFLICT'),
      'taken',
    ])
    expect(await texts(stream)).toHaveLength(1)
  })
})

describe('two processes on one store', () => {
  test('lose nothing and repeat nothing, taking turns', async () => {
    const [one, two] = [replica(), replica()]
    const stream = await declared(one)
    for (let n = 0; n < 30; n++)
      await (n % 2 ? one : two).execute(stream, note(`${n}`), by('alice'))
    expect(await texts(stream)).toEqual(times(30, String))
  })

  test('record what they say they did, and nothing else, when they write at once', async () => {
    const replicas = [replica(), replica()]
    const stream = await declared(replicas[0]!)
    const writer = async (streams: Incidents, name: string) => {
      const taken: string[] = []
      for (let n = 0; n < 40; n++) {
        const [outcome] = await Promise.allSettled([
          streams.execute(stream, note(`${name}${n}`), by('alice')),
        ])
        expect(['taken', 'BUSY']).toContain(codeOf(outcome!))
        if (outcome!.status === 'fulfilled') taken.push(`${name}${n}`)
      }
      return taken
    }
    const taken = await Promise.all(replicas.map((streams, i) => writer(streams, 'ab'[i]!)))
    expect((await texts(stream)).toSorted()).toEqual(taken.flat().toSorted())
    expect(taken.flat().length).toBeGreaterThan(40)
  })

  test('find each other’s named commands', async () => {
    const [one, two] = [replica(), replica()]
    const stream = await declared(one)
    await one.execute(stream, note('before'), by('alice'))
    const asked = by('alice', { commandId: 'c' })
    const first = await two.execute(stream, note('x'), asked)
    expect(await one.execute(stream, note('x'), asked)).toMatchObject({
      revision: first.revision,
      events: first.events.map(({ id }) => ({ id })),
    })
    const both = await Promise.all(
      times(10, n =>
        (n % 2 ? one : two).execute(stream, note('y'), by('alice', { commandId: 'd' })),
      ),
    )
    expect(new Set(both.map(({ events }) => events[0]!.id)).size).toBe(1)
    expect(await texts(stream)).toEqual(['before', 'x', 'y'])
  })

  const claim: IncidentCommand = { type: 'ClaimCommand', data: {} }
  const resolve: IncidentCommand = { type: 'ResolveIncident', data: { summary: 'x' } }
  const reopen: IncidentCommand = { type: 'ReopenIncident', data: { reason: 'x' } }
  test.each<[string, IncidentCommand[], IncidentCommand[], IncidentCommand, string]>([
    ['what would have been taken is refused', [], [resolve], claim, 'INCIDENT_NOT_ACTIVE'],
    ['what would have been refused is taken', [resolve], [reopen], claim, 'taken'],
    ['what would have been so already is done', [resolve], [reopen], resolve, 'taken'],
  ])(
    'decide on the log and not on what they remember: %s',
    async (_, remembered, since, command, expected) => {
      const [one, two] = [replica(), replica()]
      const stream = await declared(one)
      for (const each of remembered) await one.execute(stream, each, by('alice'))
      for (const each of since) await two.execute(stream, each, by('alice'))
      const [outcome] = await Promise.allSettled([one.execute(stream, command, by('alice'))])
      expect(codeOf(outcome!)).toBe(expected)
      if (outcome!.status === 'fulfilled') expect(outcome!.value.events).toHaveLength(1)
    },
  )

  test('tell of a conflict what happened since, wherever it was done, at most 100 events', async () => {
    const [one, two] = [replica(), replica()]
    const stream = await declared(one)
    for (let n = 0; n < 120; n++) await two.execute(stream, note(`${n}`), by('alice'))
    const conflict = (await one
      .execute(stream, note('late'), by('alice', { expectedRevision: 1 }))
      .catch(error => error)) as Rejected
    expect(conflict.code).toBe('VERSION_CONFLICT')
    expect(conflict.details).toMatchObject({ revision: 121 })
    const { events } = conflict.details as { events: { revision: number }[] }
    expect(events.map(({ revision }) => revision)).toEqual(times(100, n => n + 2))
  })
})

describe('an append that fails', () => {
  test('is told, takes what hangs on it along or lets it be done again, and is forgotten', async () => {
    const streams = replica()
    const stream = await declared(streams)
    store.faults.push('NOT_DONE')
    const outcomes = await Promise.allSettled(
      times(10, n => streams.execute(stream, note(`${n}`), by('alice'))),
    )
    expect(outcomes.map(codeOf)).toEqual(['StoreUnavailable', ...times(9, () => 'taken')])
    expect((await texts(stream)).toSorted()).toEqual(times(9, n => `${n + 1}`))
    const { state, revision } = await streams.execute(stream, note('next'), by('alice'))
    expect([state.notes.observations, revision]).toEqual([10, 11])
  })

  test('is no ground for a refusal: what was pending is decided again without it', async () => {
    const streams = replica()
    const stream = await declared(streams)
    store.faults.push('NOT_DONE')
    const [resolved, claimed] = await Promise.allSettled([
      streams.execute(stream, { type: 'ResolveIncident', data: { summary: 'x' } }, by('alice')),
      streams.execute(stream, { type: 'ClaimCommand', data: {} }, by('bob')),
    ])
    expect([codeOf(resolved!), codeOf(claimed!)]).toEqual(['StoreUnavailable', 'taken'])
    const { state } = await streams.execute(stream, note('x'), by('alice'))
    expect([statusOf(state), state.handoff.commander]).toEqual(['ACTIVE', 'bob'])
  })

  test('and may have been done is found by its name when it is sent again', async () => {
    const streams = replica()
    const stream = await declared(streams)
    const asked = by('alice', { commandId: 'c' })
    store.faults.push('UNKNOWN')
    await expect(streams.execute(stream, note('x'), asked)).rejects.toThrow(OutcomeUnknown)
    const again = await streams.execute(stream, note('x'), asked)
    expect(again.events).toHaveLength(1)
    expect(await texts(stream)).toEqual(['x'])
  })

  test('and was not done is done when it is sent again', async () => {
    const streams = replica()
    const stream = await declared(streams)
    const asked = by('alice', { commandId: 'c' })
    store.faults.push('NOT_DONE', 'NOT_DONE')
    const both = await Promise.allSettled(times(2, () => streams.execute(stream, note('x'), asked)))
    expect(both.map(codeOf)).toEqual(['StoreUnavailable', 'StoreUnavailable'])
    await streams.execute(stream, note('x'), asked)
    expect(await texts(stream)).toEqual(['x'])
  })
})

describe('a stream has a bound', () => {
  test.each([
    ['RecordObservation', 49_000],
    ['ReopenIncident', 49_000],
    ['ResolveIncident', 50_000],
    ['CloseIncident', 50_000],
    ['CancelIncident', 50_000],
    ['DeclineIncident', 50_000],
  ])('for %s it is %d events', (type, bound) => expect(incidentSubject.eventsMax(type)).toBe(bound))

  test('and a full incident can still be ended, until that is full too', async () => {
    const eventsMax = (type: string) => incidentSubject.eventsMax(type) / 1000 - 40
    const streams = replica({ ...incidentSubject, eventsMax })
    const stream = await declared(streams)
    for (let n = 2; n < 9; n++) await streams.execute(stream, note(`${n}`), by('alice'))
    const asked = async (command: IncidentCommand) =>
      codeOf((await Promise.allSettled([streams.execute(stream, command, by('alice'))]))[0]!)
    expect(await sqlite.read(stream, 0)).toHaveLength(9)
    expect(await asked(note('one too many'))).toBe('LIMIT_REACHED')
    expect(await asked({ type: 'ReopenIncident', data: { reason: 'x' } })).toBe('taken')
    expect(await asked({ type: 'ResolveIncident', data: { summary: 'x' } })).toBe('taken')
    expect(await sqlite.read(stream, 0)).toHaveLength(10)
    expect(await asked({ type: 'CloseIncident', data: {} })).toBe('LIMIT_REACHED')
    expect(await texts(stream)).not.toContain('one too many')
  })
})

describe('a stream that others write to as well', () => {
  test('is read on from where it was known, not from its start', async () => {
    const [one, other] = [replica(), replica()]
    const stream = await declared(one)
    await one.execute(stream, note('one'), by('alice'))
    const reads: [string, number][] = []
    const read = store.read
    store.read = (of, from, limit) => (reads.push([of, from]), read(of, from, limit))
    try {
      await other.execute(stream, note('other'), by('bob'))
      await one.execute(stream, note('one again'), by('alice'))
      await other.execute(stream, note('other again'), by('bob'))
    } finally {
      store.read = read
    }
    expect(reads).toEqual([
      [stream, 0],
      [stream, 3],
      [stream, 4],
    ])
    expect(await texts(stream)).toEqual(['one', 'other', 'one again', 'other again'])
  })

  test('knows no command that was pending when the other was first', async () => {
    const [one, other] = [replica(), replica()]
    const stream = await declared(one)
    await one.execute(stream, note('known'), by('alice', { commandId: 'known' }))
    await other.execute(stream, note('first'), by('bob'))
    const sent = times(5, n =>
      one.execute(stream, note(`sent ${n}`), by('alice', { commandId: `sent-${n}` })),
    )
    expect((await Promise.all(sent)).every(({ events }) => events.length === 1)).toBe(true)
    const again = await one.execute(stream, note('known'), by('alice', { commandId: 'known' }))
    expect(again.revision).toBe(2)
    const stored = (await texts(stream)).toSorted()
    expect(stored).toEqual(['first', 'known', ...times(5, n => `sent ${n}`)].toSorted())
  })
})

test('of a stream that is being folded nothing is shown until all of it is', async () => {
  const stream = await declared(replica())
  for (const text of ['one', 'two']) await replica().execute(stream, note(text), by('alice'))
  const evolve: typeof incidentSubject.evolve = (state, event) => {
    for (const since = performance.now(); performance.now() - since < 2 * sliceMsMax;);
    return incidentSubject.evolve(state, event)
  }
  const streams = replica({ ...incidentSubject, evolve })
  let isLoaded = false
  const loading = streams.stateOf(stream).finally(() => (isLoaded = true))
  let looks = 0
  for (; !isLoaded; looks++) {
    expect(streams.glimpse(stream)).toBeUndefined()
    await setImmediate()
  }
  expect(looks).toBeGreaterThan(2)
  expect(streams.glimpse(stream)).toBe(await loading)
})

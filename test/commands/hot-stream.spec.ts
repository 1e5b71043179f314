import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Asked } from '../../src/commands/asked.js'
import { incidentSubject } from '../../src/commands/incident-subject.js'
import { Streams } from '../../src/commands/streams.js'
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store.js'
import type { Incident, IncidentCommand } from '../../src/incident/incident.js'
import { nothingSettled } from '../../src/incident/policy.js'
import { newFolder } from '../support/app.js'

const stream = 'incident-0198c0de-0000-7000-8000-00000000000a'
const alice: Asked = { actor: { type: 'USER', id: 'alice' }, correlationId: '0'.repeat(32) }
const note = (text: string): IncidentCommand => ({ type: 'RecordObservation', data: { text } })

let store: SqliteEventStore
let streams: Streams<Incident, IncidentCommand>
beforeEach(async () => {
  store = await SqliteEventStore.open(newFolder())
  streams = new Streams(store, incidentSubject, {
    clock: () => new Date().toISOString(),
    key: (id: string) => id,
    person: id => id,
    called: () => [],
    policy: () => nothingSettled,
    policyRevision: () => 0,
  })
  const declare: IncidentCommand = { type: 'DeclareIncident', data: { title: 'API down' } }
  await streams.execute(stream, declare, alice, async () => ({ reference: 'INC-1' }))
})
afterEach(() => store.close())

/** Writers that keep the stream moving until stopped. */
function busy(writers: number): { stop: () => Promise<unknown> } {
  let isOn = true
  const write = async () => {
    while (isOn) await streams.execute(stream, note('x'), alice)
  }
  const all = Promise.all(Array.from({ length: writers }, write))
  return { stop: () => ((isOn = false), all) }
}

test('a refusal and what already is so are answered while others keep writing', async () => {
  const others = busy(16)
  for (let i = 0; i < 20; i++) {
    await expect(
      streams.execute(stream, { type: 'OfferHandoff', data: { to: 'bob' } }, alice),
    ).rejects.toMatchObject({ code: 'COMMAND_VACANT' })
    const { events } = await streams.execute(stream, { type: 'ActivateIncident', data: {} }, alice)
    expect(events).toEqual([])
  }
  await others.stop()
})

test('what already is so is answered with the state it was so in', async () => {
  const moved = streams.execute(stream, note('before'), alice)
  const so = streams.execute(stream, { type: 'ActivateIncident', data: {} }, alice)
  const later = streams.execute(stream, note('after'), alice)
  expect((await so).revision).toBe((await moved).revision)
  expect((await so).state.notes.observations).toBe(1)
  await later
})

test('several commands of which one is refused write nothing, and say why', async () => {
  const before = await store.head()
  const both = streams.attempt(
    stream,
    async () => ({}),
    attempt => {
      attempt.take(note('kept back'), alice)
      attempt.take(note('not yet'), { ...alice, occurredAt: '2999-01-01T00:00:00.000Z' })
    },
  )
  await expect(both).rejects.toMatchObject({ code: 'OCCURRED_IN_FUTURE' })
  expect(await store.head()).toBe(before)
  expect((await streams.execute(stream, note('next'), alice)).state.notes.observations).toBe(1)
})

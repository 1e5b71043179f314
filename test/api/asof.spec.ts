import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const declare = 'mutation { declareIncident(input: { title: "x" }) { incident { id } } }'
const declared = async (): Promise<string> =>
  (await app.ask('alice', declare)).data.declareIncident.incident.id

test.each([
  ['a revision before the first', 'revision: -1'],
  ['a moment before it was recorded', 'recordedAt: "2020-01-01T00:00:00Z"'],
  [
    'a moment before it was declared, of which something was observed',
    'occurredAt: "2020-01-01T00:00:00Z"',
  ],
])('as of %s there is no incident', async (_, at) => {
  const id = await declared()
  const early = 'options: { occurredAt: "2019-12-31T00:00:00Z" }'
  await app.ask(
    'alice',
    `mutation { recordObservation(incidentId: "${id}", input: { text: "early" }, ${early}) { revision } }`,
  )
  const { errors } = await app.ask('alice', `{ incident(id: "${id}", at: { ${at} }) { status } }`)
  expect(errors?.[0]?.extensions.code).toBe('INCIDENT_NOT_FOUND')
})

test('as of a moment thousands of years ahead, minutes are told as far as they go', async () => {
  const id = await declared()
  await app.act('alice', 'claimCommand', id)
  await app.act('alice', 'recordVerification', id, { result: 'HOLDING', finding: 'Quiet' })
  const { incident } = await app.told(
    'rob',
    `{ incident(id: "${id}", at: { recordedAt: "9999-12-31T23:59:59Z" }) { minutesSinceVerification
      responderFatigue { minutesEngaged } readiness { minutesOutstanding } phases { minutes } } }`,
  )
  expect(incident).toEqual({
    minutesSinceVerification: 2_147_483_647,
    responderFatigue: [{ minutesEngaged: 2_147_483_647 }],
    readiness: { minutesOutstanding: 2_147_483_647 },
    phases: [{ minutes: 2_147_483_647 }],
  })
})

test('how well a time is known is taken only with the time', async () => {
  const id = await declared()
  const claim = (options: string) =>
    app.ask(
      'alice',
      `mutation { claimCommand(incidentId: "${id}", options: { ${options} }) { revision } }`,
    )
  expect((await claim('timing: UNKNOWN')).errors?.[0]?.extensions.details.fields).toEqual([
    'timing',
  ])
  expect(
    (await claim('timing: APPROXIMATE, occurredAt: "2026-01-01T12:00:00Z"')).errors,
  ).toBeUndefined()
})

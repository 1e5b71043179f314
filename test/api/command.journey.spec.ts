import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp, until } from '../support/app.js'
import { liveCommand } from '../support/live-command.mjs'

let app: App
let story: ReturnType<typeof liveCommand>
beforeAll(async () => {
  app = await startApp()
  story = liveCommand({ act: app.act, push: minutes => app.clock.push(minutes) })
})
afterAll(() => app.close())

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const seen = async (fields: string, who = 'alice', of?: object) =>
  (
    await app.told(
      who,
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at: of },
    )
  ).incident
const secret = 'She shouted at the scribe'
const removals = 'removals { person { handle } reason isPrivate readmitted }'

test('who reports to whom, what waits and what is needed is read in one query', async () => {
  await story.begins()
  const incident = await seen(`
    commanderUnqualified requirements { roles warRoom rotationMinutes from } missingRoles { role }
    warnings { kind } subteams { id name lead { handle } members { handle } within }
    commandTree { person { handle } reportsTo { handle } subteam span }
    parkingLot(unanswered: true) { eventId from { handle } text until answer }
    responderFatigue { person { handle } minutesEngaged rotationDueAt rotationDue localHour }`)
  const { subteamId: id, parked } = story.told
  expect(incident).toEqual({
    commanderUnqualified: false,
    requirements: { roles: [], warRoom: false, rotationMinutes: 90, from: at('12:00') },
    missingRoles: [],
    warnings: [],
    subteams: [
      { id, name: 'Queues', lead: { handle: 'bob' }, members: [{ handle: 'carol' }], within: null },
    ],
    commandTree: [
      { person: { handle: 'alice' }, reportsTo: null, subteam: null, span: 1 },
      { person: { handle: 'bob' }, reportsTo: { handle: 'alice' }, subteam: id, span: 1 },
      { person: { handle: 'carol' }, reportsTo: { handle: 'bob' }, subteam: id, span: 0 },
    ],
    parkingLot: [
      {
        eventId: parked,
        from: { handle: 'carol' },
        text: 'Numbers for the board',
        until: 'RESOLVED',
        answer: null,
      },
    ],
    responderFatigue: ['bob', 'carol', 'alice'].map(handle => ({
      person: { handle },
      minutesEngaged: 2,
      rotationDueAt: at('13:30'),
      rotationDue: false,
      localHour: null,
    })),
  })
})

test('why somebody was removed, command and the managers read, there alone', async () => {
  await story.removes()
  const shown = (reason: string) => ({
    removals: [{ person: { handle: 'carol' }, reason, isPrivate: true, readmitted: false }],
  })
  for (const who of ['alice', 'bob', 'root'])
    expect(await seen(removals, who)).toEqual(shown(secret))
  for (const who of ['carol', 'rob', 'robot'])
    expect(await seen(removals, who)).toEqual(shown('[restricted]'))
  const { revision } = await seen('revision')
  expect(await seen(removals, 'alice', { revision })).toEqual(shown('[restricted]'))
  expect(await seen(removals, 'root', { revision })).toEqual(shown(secret))
})

test('who repeats a command of when they commanded is given no rights of then', async () => {
  const id = await app.declared()
  await app.act('alice', 'claimCommand', id)
  await app.act('alice', 'removeResponder', id, { person: 'carol', reason: secret })
  const repeated = async () =>
    (
      await app.told(
        'alice',
        `mutation ($id: ID!) { recordObservation(incidentId: $id, input: { text: "Quiet" },
          options: { commandId: "quiet" }) { revision incident { viewerCan removals { reason } } } }`,
        { id },
      )
    ).recordObservation
  const first = await repeated()
  expect(first.incident).toMatchObject({ removals: [{ reason: secret }] })
  expect(await repeated()).toEqual(first)
  await app.act('bob', 'takeCommand', id, { reason: 'My turn' })
  expect(await repeated()).toEqual({
    revision: first.revision,
    incident: { viewerCan: [], removals: [{ reason: '[restricted]' }] },
  })
})

test('and nothing else tells it, to nobody', async () => {
  const { id } = story.told
  const told = await app.told(
    'root',
    `query ($id: ID!) {
      incident(id: $id) { timeline(first: 100) { nodes { sentence } } postmortem { markdown agenda { kind sentence } }
        brief { text latest { sentence } } }
      events(filter: { incidentId: $id }, first: 100) { nodes { type data } }
      diff(id: $id, from: { revision: 2 }) { changes(first: 100) { nodes { path before after sentence } } events(first: 100) { nodes { data } } } }`,
    { id },
  )
  const feed = await fetch(`${app.url}/events`, {
    headers: { authorization: `Bearer ${app.secrets.root}` },
  })
  const text = JSON.stringify(told) + (await feed.text())
  expect(text).toContain('[restricted]')
  expect(text).toContain('Alice removed Carol from the response')
  expect(text).not.toContain('shouted')
  expect(told.incident.postmortem.agenda).toEqual([
    {
      kind: 'REQUEST_DEFERRED',
      sentence: 'Bob deferred what Carol asked for until it is resolved: Numbers for the board',
    },
  ])
  const { events } = await app.act('alice', 'removeResponder', id, {
    person: 'rob',
    reason: 'shouted',
  })
  expect(events[0]!.data).toMatchObject({ privateReason: '[restricted]' })
})

test('who was on for 90 minutes is told of, warned of, and relieved', async () => {
  const { revision } = await seen('revision')
  await story.relieves()
  await until(async () =>
    JSON.stringify(await seen('timeline(first: 100) { nodes { sentence } }')).includes(
      'Alice had been on long enough',
    ),
  )
  const { warnings, roles, parkingLot, subteams } = await seen(`warnings { kind people { handle } }
    roles { role person { handle } } parkingLot { answer } subteams { id }`)
  expect(warnings).toEqual([{ kind: 'ROTATION_DUE', people: [{ handle: 'alice' }] }])
  expect(roles).toEqual([
    { role: 'INCIDENT_COMMANDER', person: { handle: 'alice' } },
    { role: 'SCRIBE', person: { handle: 'carol' } },
    { role: 'DEPUTY', person: { handle: 'carol' } },
  ])
  expect([parkingLot, subteams]).toEqual([[{ answer: '12 orders' }], []])
  expect(
    (await seen('commandTree { person { handle } }', 'alice', { revision })).commandTree,
  ).toHaveLength(2)
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'
import { liveMobilising } from '../support/live-mobilising.mjs'

let app: App
let story: ReturnType<typeof liveMobilising>
beforeAll(async () => {
  app = await startApp()
  const { act, organise } = app
  story = liveMobilising({ act, organise, push: minutes => app.clock.push(minutes) })
})
afterAll(() => app.close())

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const seen = async (fields: string, moment?: object) =>
  (
    await app.told(
      'alice',
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at: moment },
    )
  ).incident

test('who is here says as what, and from where', async () => {
  await story.settles()
  await story.joins()
  const { responders } = await seen(
    'responders { person { handle } since team function place timeZone channel }',
  )
  expect(responders).toEqual([
    {
      person: { handle: 'alice' },
      since: at('12:00'),
      team: 'Command',
      function: null,
      place: null,
      timeZone: null,
      channel: 'SLACK',
    },
    {
      person: { handle: 'bob' },
      since: at('12:01'),
      team: 'Payments',
      function: 'Database engineer',
      place: 'Bern',
      timeZone: 'Europe/Zurich',
      channel: 'ZOOM',
    },
  ])
})

test('it is told where they meet, and who was called how', async () => {
  await story.calls()
  const { warRooms, channels, invitations, pages, requests } = await seen(`
    invitations { person { handle } service by { name } at }
    warRooms { kind url place by { name } openedAt closedAt }
    channels { kind ref at }
    pages { person { handle } channel by { name } at acknowledgedAt }
    requests { person { id } role service asked { id } reason status
      replies { person { handle } answer at expectedAt reason } }`)
  const by = { name: 'Alice' }
  expect(warRooms).toEqual([
    {
      kind: 'PHYSICAL',
      url: null,
      place: 'Room 1',
      by,
      openedAt: at('12:02'),
      closedAt: at('12:02'),
    },
    {
      kind: 'VIRTUAL',
      url: 'https://meet.example.org/7',
      place: null,
      by,
      openedAt: at('12:02'),
      closedAt: null,
    },
  ])
  expect(invitations.map(({ person, service }: any) => [person.handle, service])).toEqual([
    ['bob', 'payments'],
    ['carol', 'payments'],
  ])
  expect(channels).toEqual([{ kind: 'SLACK', ref: '#inc-payments', at: at('12:02') }])
  expect(pages).toEqual([
    {
      person: { handle: 'carol' },
      channel: 'PHONE',
      by,
      at: at('12:03'),
      acknowledgedAt: at('12:04'),
    },
  ])
  expect(requests).toEqual([
    {
      person: null,
      role: 'SCRIBE',
      service: null,
      asked: null,
      reason: 'Nobody writes',
      status: 'ACCEPTED',
      replies: [
        {
          person: { handle: 'bob' },
          answer: 'DECLINE',
          at: at('12:04'),
          expectedAt: null,
          reason: 'I type',
        },
        {
          person: { handle: 'carol' },
          answer: 'ETA',
          at: at('12:04'),
          expectedAt: at('12:09'),
          reason: null,
        },
      ],
    },
  ])
  const { events } = await app.told(
    'alice',
    `query ($id: ID!) { events(filter: { incidentId: $id,
      types: ["dev.incidentledger.incident.responder_paged.v1"] }) { nodes { data } } }`,
    { id: story.told.id },
  )
  // Whatever delivers pages is told where to find more.
  expect(events.nodes[0].data).toMatchObject({
    warRoom: 'https://meet.example.org/7',
    reference: 'INC-1',
  })
})

test('it goes to somebody else, and who answers takes it', async () => {
  await story.escalates()
  const { escalations, escalationPath } = await seen(`
    escalations { service from { handle } to { handle } tier tiersSkipped nextAt reason by { name }
      at acknowledgedBy { name } acknowledgedAt }
    escalationPath(service: "payments") { tier people { handle } afterMinutes escalatedAt acknowledgedAt }`)
  const by = { name: 'Alice' }
  expect(escalations).toEqual([
    {
      service: 'payments',
      from: [],
      to: [{ handle: 'bob' }],
      tier: 1,
      tiersSkipped: 0,
      nextAt: at('12:11'),
      reason: 'Not the network',
      by,
      at: at('12:06'),
      acknowledgedBy: null,
      acknowledgedAt: null,
    },
    {
      service: 'payments',
      from: [{ handle: 'bob' }],
      to: [{ handle: 'carol' }],
      tier: 3,
      tiersSkipped: 1,
      nextAt: null,
      reason: 'Nobody answers',
      by,
      at: at('12:07'),
      acknowledgedBy: { name: 'Carol' },
      acknowledgedAt: at('12:08'),
    },
  ])
  const tier = (tier: number, person: string, afterMinutes: number, times: object = {}) => ({
    tier,
    people: [{ handle: person }],
    afterMinutes,
    escalatedAt: null,
    acknowledgedAt: null,
    ...times,
  })
  expect(escalationPath).toEqual([
    tier(1, 'bob', 0, { escalatedAt: at('12:06') }),
    tier(2, 'alice', 5),
    tier(3, 'carol', 15, { escalatedAt: at('12:07'), acknowledgedAt: at('12:08') }),
  ])
})

test('who has no part in it goes, and it is kept what showed that', async () => {
  await story.letsGo()
  const { responders, notInvolved, timeline } = await seen(`
    responders { person { handle } }
    notInvolved { service reason evidence { url label } by { name } at }
    timeline { nodes { sentence evidence { url } } }`)
  expect(responders).toEqual([{ person: { handle: 'alice' } }, { person: { handle: 'carol' } }])
  expect(notInvolved).toEqual([
    {
      service: 'database',
      reason: 'It answers as ever',
      evidence: [{ url: 'https://graphs.example.org/db', label: 'The database' }],
      by: { name: 'Bob' },
      at: at('12:10'),
    },
  ])
  expect(timeline.nodes.slice(-2)).toEqual([
    {
      sentence: 'Alice let Bob go: Not the database',
      evidence: [{ url: 'https://graphs.example.org/db' }],
    },
    { sentence: 'Bob left', evidence: [] },
  ])
})

test('it is told who was on when, for how long, and how long it took to let them go', async () => {
  const asked = await seen(`
    whoIsOn(at: "2026-01-01T12:07:00.000Z") { person { handle } since place }
    participation { person { handle } minutes periods { from until place channel } }
    teamsInvolved { team since people { handle } here }
    timeToInnocence { n p50 p90 max unknown samples { person { handle } service minutes eventIds } }
    timeToRightOwner { from until minutes person { handle } escalations }`)
  expect(asked).toEqual({
    whoIsOn: [
      { person: { handle: 'alice' }, since: at('12:00'), place: null },
      { person: { handle: 'bob' }, since: at('12:01'), place: 'Bern' },
      { person: { handle: 'carol' }, since: at('12:06'), place: null },
    ],
    participation: [
      {
        person: { handle: 'alice' },
        minutes: 12,
        periods: [{ from: at('12:00'), until: null, place: null, channel: 'SLACK' }],
      },
      {
        person: { handle: 'bob' },
        minutes: 11,
        periods: [
          { from: at('12:01'), until: at('12:02'), place: 'Zürich', channel: 'PHONE' },
          { from: at('12:02'), until: at('12:12'), place: 'Bern', channel: 'ZOOM' },
        ],
      },
      {
        person: { handle: 'carol' },
        minutes: 6,
        periods: [{ from: at('12:06'), until: null, place: null, channel: null }],
      },
    ],
    teamsInvolved: [
      { team: 'Command', since: at('12:00'), people: [{ handle: 'alice' }], here: 1 },
      { team: 'Payments', since: at('12:01'), people: [{ handle: 'bob' }], here: 0 },
      { team: 'Support', since: at('12:06'), people: [{ handle: 'carol' }], here: 1 },
    ],
    timeToInnocence: {
      n: 2,
      p50: 10,
      p90: 11,
      max: 11,
      unknown: 0,
      samples: [
        {
          person: null,
          service: 'database',
          minutes: 10,
          eventIds: [expect.any(String), expect.any(String)],
        },
        {
          person: { handle: 'bob' },
          service: null,
          minutes: 11,
          eventIds: [expect.any(String), expect.any(String)],
        },
      ],
    },
    timeToRightOwner: {
      from: at('12:06'),
      until: at('12:08'),
      minutes: 2,
      person: { handle: 'carol' },
      escalations: 2,
    },
  })
})

test('it is told whether what the worst needs is there, and for how long it was not', async () => {
  const needs = `readiness { ready commander warRoom owners servicesWithoutOwner rolesMissing since
    dueAt overdue minutesOutstanding }`
  const then = { since: at('12:00'), dueAt: at('12:05'), rolesMissing: [] }
  expect((await seen(needs)).readiness).toEqual({
    ...then,
    ready: true,
    commander: 'MET',
    warRoom: 'MET',
    owners: 'MET',
    servicesWithoutOwner: [],
    overdue: false,
    minutesOutstanding: 0,
  })
  expect((await seen(needs, { recordedAt: at('12:01') })).readiness).toEqual({
    ...then,
    ready: false,
    commander: 'MET',
    warRoom: 'MISSING',
    owners: 'MISSING',
    servicesWithoutOwner: ['payments'],
    overdue: false,
    minutesOutstanding: 1,
  })
})

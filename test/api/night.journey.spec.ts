import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, codeOf, startApp, until } from '../support/app.js'

/** A SEV-1 that begins before midnight and is handed over twice: each finds their whole job in the API. */
let app: App
let id: string
const told: Record<string, string> = {}
const does = (who: string, mutation: string, input?: object, options?: object) =>
  app.act(who, mutation, id, input, options)
const seen = async (fields: string, who = 'alice', at?: object) => {
  const query = `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`
  return (await app.told(who, query, { id, at })).incident
}
const stored = () => app.store.read(`incident-${id}`, 0)
const evening = (time: string) => `2026-01-01T${time}:00.000Z`
const morning = (time: string) => `2026-01-02T${time}:00.000Z`

beforeAll(async () => {
  app = await startApp()
  for (const [handle, timeZone] of [
    ['alice', 'Europe/Zurich'],
    ['bob', 'America/New_York'],
  ])
    await app.organise('updatePerson', { personId: await app.person(handle!), timeZone })
  await app.organise('defineSeverityScale', {
    levels: [
      {
        level: 'SEV1',
        name: 'Critical',
        criteria: { usersAffectedPct: 25 },
        policies: {
          requiredRoles: ['INCIDENT_COMMANDER', 'SCRIBE'],
          warRoom: true,
          serviceOwners: true,
          withinMinutes: 10,
        },
      },
    ],
  })
  await app.organise('setRotationPolicy', { maxMinutes: 90 })
  for (const person of ['alice', 'bob'])
    await app.organise('grantQualification', { person, role: 'INCIDENT_COMMANDER' })
  await app.organise('registerServiceOwner', {
    service: 'checkout',
    name: 'Checkout',
    team: 'Payments',
    owners: ['carol'],
    contacts: [{ kind: 'PHONE', value: '+41 44 000 00 00' }],
  })
  await app.organise('defineRunbook', {
    key: 'fail-over',
    name: 'Fail over',
    inOrder: true,
    steps: [
      { key: 'stop', title: 'Stop writing' },
      { key: 'switch', title: 'Switch over', needsApproval: true },
    ],
  })
  // From noon to ten to eleven in the evening.
  app.clock.push(650)
})
afterAll(() => app.close())

test('22:50: what it needs is named at once, with who is to be called', async () => {
  id = await app.declared(
    { title: 'Nobody can pay', severity: 'SEV1', services: ['checkout'] },
    'bob',
  )
  const { readiness, missingRoles, severityMeaning } = await seen(
    'severityMeaning { name } missingRoles { role dueAt } readiness { ready commander warRoom owners dueAt }',
  )
  expect(severityMeaning.name).toBe('Critical')
  expect(readiness).toEqual({
    ready: false,
    commander: 'MISSING',
    warRoom: 'MISSING',
    owners: 'MISSING',
    dueAt: evening('23:00'),
  })
  expect(missingRoles.map(({ role }: any) => role)).toEqual(['INCIDENT_COMMANDER', 'SCRIBE'])
  const { whoToCall } = await app.told(
    'alice',
    '{ whoToCall(service: "checkout") { owners { handle } contacts { kind value } } }',
  )
  expect(whoToCall).toEqual({
    owners: [{ handle: 'carol' }],
    contacts: [{ kind: 'PHONE', value: '+41 44 000 00 00' }],
  })
})

test('22:51: command is claimed, the room is opened, the owner comes, and it is ready', async () => {
  app.clock.push(1)
  await does('alice', 'claimCommand')
  await does('alice', 'joinIncident', { team: 'Command' })
  await does('alice', 'openWarRoom', { kind: 'VIRTUAL', url: 'https://meet.example.org/1' })
  await does('alice', 'inviteServiceOwners', {})
  await does('carol', 'joinIncident', { team: 'Payments', function: 'Engineer' })
  await does('alice', 'assignRole', { role: 'SCRIBE', person: 'carol' })
  const { readiness, warnings } = await seen(
    'readiness { ready minutesOutstanding } warnings { kind }',
  )
  expect(readiness).toEqual({ ready: true, minutesOutstanding: 0 })
  expect(warnings).toEqual([])
})

test('to 23:30: proposed, objected, decided, done step by step, with a second pair of eyes', async () => {
  app.clock.push(9)
  const proposed = await does('carol', 'proposeAction', {
    text: 'Fail over to the second region',
    risks: ['Orders of the last minute are lost'],
    pollMinutes: 5,
  })
  const { proposalId } = proposed.events[0]!.data
  await does('bob', 'raiseObjection', { proposalId, strong: true, reason: 'It was never tried' })
  const refused = await app.command('bob', 'decide', id, { proposalId, outcome: 'APPROVE' })
  expect(codeOf(refused)).toBe('NOT_COMMANDER')
  app.clock.push(6)
  expect(
    codeOf(
      await app.command('bob', 'raiseObjection', id, { proposalId, strong: false, reason: 'Late' }),
    ),
  ).toBe('POLL_CLOSED')
  await until(async () => (await stored()).some(({ type }) => type === 'DecisionOverdue'))
  await does('alice', 'decide', { proposalId, outcome: 'APPROVE', rationale: 'Nothing else helps' })
  const { checklistId } = (await does('alice', 'attachRunbook', { key: 'fail-over' })).events[0]!
    .data
  const check = (step: string, outcome = 'DONE') => ({ checklistId, step, outcome })
  expect(codeOf(await app.command('carol', 'checkStep', id, check('switch')))).toBe(
    'STEP_OUT_OF_ORDER',
  )
  await does('carol', 'checkStep', check('stop'))
  expect(codeOf(await app.command('carol', 'checkStep', id, check('switch')))).toBe(
    'APPROVAL_REQUIRED',
  )
  await does('carol', 'requestApproval', { checklistId, step: 'switch' })
  await does('bob', 'approveStep', { checklistId, step: 'switch' })
  await does('carol', 'checkStep', check('switch'))
  const { taskId } = (
    await does('alice', 'assignTask', {
      title: 'Count lost orders',
      assignee: { role: 'SCRIBE' },
      timeboxMinutes: 30,
    })
  ).events[0]!.data
  told['task'] = taskId
  await does('carol', 'acknowledgeTask', { taskId })
  const { decisionLog, checklists } = await seen(
    'decisionLog { nodes { outcome overruled } } checklists { adherence { percent } }',
  )
  expect(decisionLog.nodes).toEqual([{ outcome: 'APPROVE', overruled: true }])
  expect(checklists).toEqual([{ adherence: { percent: 100 } }])
})

test('23:50: the first handoff comes with a brief that later events do not change', async () => {
  app.clock.push(44)
  await until(async () => (await stored()).some(({ type }) => type === 'TaskTimeboxExpired'))
  await does('alice', 'recordSizeUp', {
    situation: 'Orders come in again',
    impact: 'Twelve orders are lost',
    nextUpdateBy: evening('23:59'),
  })
  const proposal = { text: 'Write to the twelve', risks: [], pollMinutes: 5 }
  const { proposalId } = (await does('carol', 'proposeAction', proposal)).events[0]!.data
  await does('alice', 'offerHandoff', { to: 'bob', note: 'I have been on since eleven' })
  const waiting = (await app.told('bob', '{ openWork { nodes { kind title } } }')).openWork.nodes
  expect(waiting.map(({ kind }: any) => kind)).toContain('HANDOFF_OFFERED')
  const brief = `handoff { to { handle } brief { revision text openTasks { title overdue } nextUpdateDue
    impact { services sizeUp { impact by { name } } } pendingDecisions { id decideBy decision { by { name } } }
    engaged { person { handle } minutes } } }`
  const offered = (await seen(brief)).handoff
  expect(offered.brief.openTasks).toEqual([{ title: 'Count lost orders', overdue: true }])
  expect(offered.brief).toMatchObject({
    impact: {
      services: ['checkout'],
      sizeUp: { impact: 'Twelve orders are lost', by: { name: 'Alice' } },
    },
    pendingDecisions: [{ id: proposalId, decideBy: evening('23:55'), decision: null }],
    nextUpdateDue: evening('23:59'),
    engaged: [
      { person: { handle: 'alice' }, minutes: 59 },
      { person: { handle: 'carol' }, minutes: 59 },
    ],
  })
  await does('carol', 'recordObservation', { text: 'Written after the brief' })
  await does('alice', 'decide', { proposalId, outcome: 'REJECT', rationale: 'Tomorrow' })
  expect((await seen(brief)).handoff).toEqual(offered)
  expect((await seen('commander { handle }')).commander).toEqual({ handle: 'alice' })
  await does('bob', 'acceptHandoff')
  await does('bob', 'joinIncident', { team: 'Command' })
  expect((await seen('commander { handle }')).commander).toEqual({ handle: 'bob' })
})

test('00:25: whoever has been on for ninety minutes is due for relief, is told so once, and goes', async () => {
  app.clock.push(35)
  const due = async () => (await stored()).filter(({ type }) => type === 'RotationDue')
  await until(async () => (await due()).length === 2)
  expect((await due()).map(({ data }) => (data as { dueAt: string }).dueAt)).toEqual([
    morning('00:21'),
    morning('00:21'),
  ])
  const { responderFatigue } = await seen(
    'responderFatigue { person { handle } minutesEngaged rotationDue localHour }',
  )
  expect(responderFatigue).toEqual(
    expect.arrayContaining([
      { person: { handle: 'alice' }, minutesEngaged: 94, rotationDue: true, localHour: 1 },
      { person: { handle: 'bob' }, minutesEngaged: 35, rotationDue: false, localHour: 19 },
    ]),
  )
  await does('bob', 'relieveResponder', { person: 'alice', reason: 'It is late' })
  expect(
    (await seen(`whoIsOn(at: "${evening('23:30')}") { person { handle } }`)).whoIsOn,
  ).toHaveLength(2)
  expect((await seen('responders { person { handle } }')).responders).toEqual(
    expect.not.arrayContaining([{ person: { handle: 'alice' } }]),
  )
})

test('01:00: the second handoff goes to somebody who is not qualified, on the record', async () => {
  app.clock.push(35)
  await does('bob', 'offerHandoff', { to: 'carol' })
  await does('carol', 'acceptHandoff')
  const { warnings } = await seen('warnings { kind people { handle } }')
  expect(warnings).toContainEqual({ kind: 'UNQUALIFIED_COMMANDER', people: [{ handle: 'carol' }] })
  expect(warnings.map(({ kind }: any) => kind)).toContain('COMMANDER_HAS_TASK')
})

test('01:30: resolved, and every moment of the night is told as it was', async () => {
  await does('carol', 'completeTask', { taskId: told['task'], finding: 'Twelve orders' })
  app.clock.push(30)
  await does('carol', 'resolveIncident', { summary: 'The second region serves' })
  const at = async (time: string) =>
    (await seen('commander { handle } status', 'rob', { occurredAt: time })).commander?.handle
  expect([
    await at(evening('22:50')),
    await at(evening('23:30')),
    await at(morning('00:30')),
    await at(morning('01:10')),
  ]).toEqual([undefined, 'alice', 'bob', 'carol'])
  const { postmortem } = await seen('postmortem { markdown }')
  for (const said of ['Fail over to the second region', 'It was never tried', 'Carol'])
    expect(postmortem.markdown).toContain(said)
  expect((await app.told('carol', '{ openWork { nodes { kind } } }')).openWork.nodes).toEqual([])
})

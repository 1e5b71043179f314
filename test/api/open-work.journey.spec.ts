import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, codeOf, startApp, until } from '../support/app.js'

let app: App
let outage: string
let leak: string
beforeAll(async () => {
  app = await startApp()
  outage = await app.declared({ title: 'Outage' })
  leak = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
})
afterAll(() => app.close())

const shown = 'kind subject title since dueAt overdue person { handle } incident { title }'
const work = async (who: string, args = '') =>
  (
    await app.told(
      who,
      `{ openWork${args} { nodes { ${shown} } pageInfo { endCursor hasNextPage } } }`,
    )
  ).openWork
const told = async (who: string, args = '') =>
  (await work(who, args)).nodes.map(
    ({ kind, title, incident }: any) => `${kind} ${title} (${incident.title})`,
  )
const assign = async (id: string, who: string, person: string, title: string, minutes: number) => {
  const task = { title, assignee: { person }, timeboxMinutes: minutes }
  const { events } = await app.act(who, 'assignTask', id, task)
  return events[0]!.data.taskId as string
}

test('who asks is told all that waits for them, the next due first, straight after the command', async () => {
  const { clock, act } = app
  await act('alice', 'claimCommand', outage)
  const since = clock.now()
  const later = await assign(outage, 'alice', 'bob', 'Write it down', 60)
  await assign(outage, 'alice', 'bob', 'Fail over', 10)
  await act('alice', 'assignRole', outage, { role: 'DEPUTY', person: 'bob' })
  clock.push(1)
  await act('alice', 'offerHandoff', outage, { to: 'bob' })
  expect(await told('bob')).toEqual([
    'TASK Fail over (Outage)',
    'TASK Write it down (Outage)',
    'ROLE Deputy (Outage)',
    'HANDOFF_OFFERED Accept or decline command (Outage)',
  ])
  expect((await work('bob', '(kinds: [ROLE])')).nodes).toEqual([
    {
      kind: 'ROLE',
      subject: 'DEPUTY',
      title: 'Deputy',
      since,
      dueAt: null,
      overdue: false,
      person: { handle: 'bob' },
      incident: { title: 'Outage' },
    },
  ])
  await act('bob', 'acceptHandoff', outage)
  await act('bob', 'completeTask', outage, { taskId: later })
  expect(await told('bob', '(kinds: [TASK, HANDOFF_OFFERED])')).toEqual(['TASK Fail over (Outage)'])
  expect(await told('alice')).toEqual([])
  expect(await told('alice', '(person: "bob", kinds: [ROLE])')).toEqual([
    'ROLE Deputy (Outage)',
    'ROLE Incident commander (Outage)',
  ])
})

test('what is past due says so', async () => {
  app.clock.push(30)
  const [task] = (await work('bob', '(kinds: [TASK])')).nodes
  expect(task).toMatchObject({ title: 'Fail over', overdue: true })
})

test('of a restricted incident only its members are told', async () => {
  await app.act('alice', 'grantMembership', leak, { person: 'bob' })
  await assign(leak, 'alice', 'bob', 'Revoke the keys', 120)
  const all = ['TASK Fail over (Outage)', 'TASK Revoke the keys (Keys leaked)']
  expect(await told('bob', '(kinds: [TASK])')).toEqual(all)
  expect(await told('carol', '(person: "bob", kinds: [TASK])')).toEqual(all.slice(0, 1))
  expect(await told('root', '(person: "bob", kinds: [TASK], includeRestricted: true)')).toEqual(all)
  const refused = await app.ask('carol', '{ openWork(includeRestricted: true) { nodes { kind } } }')
  expect(codeOf(refused)).toBe('SCOPE_MISSING')
})

test('it comes a page at a time', async () => {
  const first = await work('bob', '(kinds: [TASK, ROLE], first: 2)')
  expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([2, true])
  const rest = await told(
    'bob',
    `(kinds: [TASK, ROLE], first: 100, after: "${first.pageInfo.endCursor}")`,
  )
  expect(rest).toEqual(['ROLE Deputy (Outage)', 'ROLE Incident commander (Outage)'])
})

test('decisions wait for the commander, their lateness is the deputy’s to remind of, parked requests come last', async () => {
  const { act, clock } = app
  const id = await app.declared({ title: 'Slow' })
  await act('alice', 'claimCommand', id)
  await act('alice', 'assignRole', id, { role: 'DEPUTY', person: 'carol' })
  const due = new Date(Date.parse(clock.now()) + 20 * 60_000).toISOString()
  await act('alice', 'recordSizeUp', id, { situation: 'Slow', nextUpdateBy: due })
  const proposal = { text: 'Restart', risks: [], pollMinutes: 5 }
  const { proposalId } = (await act('bob', 'proposeAction', id, proposal)).events[0]!.data
  await act('alice', 'deferRequest', id, { from: 'bob', text: 'Numbers' })
  const late = async () => (await work('carol', '(kinds: [REMINDER])')).nodes
  const told = async (kind: string) =>
    (await work('alice', `(kinds: [${kind}])`)).nodes.map(({ title, overdue }: any) => [
      title,
      overdue,
    ])
  expect(await told('DECISION')).toEqual([['Decide on “Restart”', false]])
  expect(await told('REQUEST_PARKED')).toEqual([])
  expect((await late()).map(({ subject, dueAt }: any) => [subject, dueAt])).toEqual([
    ['update', due],
  ])
  clock.push(6)
  await until(async () => (await late()).length === 2)
  expect(await told('DECISION')).toEqual([['Decide on “Restart”', true]])
  await act('alice', 'decide', id, { proposalId, outcome: 'APPROVE' })
  expect(await told('DECISION')).toEqual([])
  expect(await late()).toMatchObject([{ subject: 'update' }])
  await act('alice', 'resolveIncident', id, { summary: 'Fast' })
  expect(await late()).toEqual([])
  expect(await told('REQUEST_PARKED')).toEqual([['Answer “Numbers”', false]])
})

test('a key that belongs to nobody has no work, but may ask for somebody’s', async () => {
  const own = await app.ask('robot', '{ openWork { nodes { kind } } }')
  expect(codeOf(own)).toBe('NOT_A_PERSON')
  expect(await told('robot', '(person: "bob", kinds: [TASK])')).toEqual(['TASK Fail over (Outage)'])
  const nobody = await app.ask('bob', '{ openWork(person: "no-one") { nodes { kind } } }')
  expect(codeOf(nobody)).toBe('UNKNOWN_PERSON')
})

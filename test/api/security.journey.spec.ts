import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, codeOf, startApp } from '../support/app.js'

let app: App
/** Of its type’s definition: restricted, with a playbook, and two functions that are pulled in at once. */
let leak: string
const nowhere = '01890000-0000-7000-8000-000000000000'
const read = 'query ($id: ID!) { incident(id: $id) { title } }'
const seen = async (who: string, fields: string) =>
  (await app.told(who, `query ($id: ID!) { incident(id: $id) { ${fields} } }`, { id: leak }))
    .incident

beforeAll(async () => {
  app = await startApp()
  const steps = [
    { key: 'disable', title: 'Disable the account' },
    { key: 'tell', title: 'Tell its owner' },
  ]
  await app.organise('defineRunbook', { key: 'leaked-key', name: 'A key leaked', steps })
  await app.organise('defineIncidentType', {
    type: 'SECURITY',
    playbook: 'leaked-key',
    functions: ['LEGAL', 'PRIVACY'],
  })
  await app.organise('registerServiceOwner', {
    service: 'vault',
    name: 'Vault',
    owners: ['carol'],
  })
  leak = await app.declared({ title: 'Keys leaked', type: 'SECURITY', services: ['vault'] })
  await app.act('alice', 'claimCommand', leak)
})
afterAll(() => app.close())

test('a security incident has what its type’s definition settles, and tells its members all of it', async () => {
  await app.act('alice', 'grantMembership', leak, { person: 'bob' })
  await app.act('bob', 'startPlaybook', leak)
  const { checklists } = await seen('bob', 'checklists { id key }')
  const step = (step: string, rest: object = { outcome: 'DONE' }) =>
    app.act('bob', 'checkStep', leak, { checklistId: checklists[0].id, step, ...rest })
  const disabled = { account: 'deploy-bot', action: 'DISABLED', note: 'In all regions' }
  const before = { occurredAt: '2026-01-01T11:50:00.000Z' }
  await app.act('bob', 'recordContainment', leak, disabled, before)
  await app.act('alice', 'recordContainment', leak, { account: 'vault', action: 'ISOLATED' })
  await step('disable')
  await step('tell', { outcome: 'SKIPPED', reason: 'It has none' })
  await app.act('alice', 'engageFunction', leak, { function: 'PR', person: 'bob', reason: 'Press' })
  const fields = `visibility emergencyMode
    containment { account action note by { name } at }
    engagedFunctions { function byType person { handle } reason by { name } }
    checklists { key steps { key outcome } }`
  expect(await seen('bob', fields)).toEqual({
    visibility: 'RESTRICTED',
    emergencyMode: true,
    containment: [
      { ...disabled, by: { name: 'Bob' }, at: before.occurredAt },
      {
        account: 'vault',
        action: 'ISOLATED',
        note: null,
        by: { name: 'Alice' },
        at: app.clock.now(),
      },
    ],
    engagedFunctions: [
      ...['LEGAL', 'PRIVACY'].map(which => ({
        function: which,
        byType: true,
        person: null,
        reason: null,
        by: { name: 'Alice' },
      })),
      {
        function: 'PR',
        byType: false,
        person: { handle: 'bob' },
        reason: 'Press',
        by: { name: 'Alice' },
      },
    ],
    checklists: [
      {
        key: 'leaked-key',
        steps: [
          { key: 'disable', outcome: 'DONE' },
          { key: 'tell', outcome: 'SKIPPED' },
        ],
      },
    ],
  })
})

/** What lists of several incidents say to somebody, as far as this one could be in them. */
const lists = async (who: string, restricted = '') => {
  const { incidents, openWork, undecided } = await app.told(
    who,
    `{ incidents(filter: { ${restricted} }) { nodes { title } }
      openWork(person: "bob"${restricted && `, ${restricted}`}) { nodes { title } }
      undecided(first: 10${restricted && `, ${restricted}`}) { nodes { text } } }`,
  )
  return {
    incidents: incidents.nodes.map(({ title }: { title: string }) => title),
    openWork: openWork.nodes.map(({ title }: { title: string }) => title),
    undecided: undecided.nodes.map(({ text }: { text: string }) => text),
  }
}
const all = {
  incidents: ['Keys leaked'],
  openWork: ['Read the logs'],
  undecided: ['Rotate all keys'],
}
const none = { incidents: [], openWork: [], undecided: [] }

test('to a stranger it is not there, and services are as ever', async () => {
  const task = { title: 'Read the logs', assignee: { person: 'bob' }, timeboxMinutes: 30 }
  await app.act('alice', 'assignTask', leak, task)
  await app.act('bob', 'proposeAction', leak, {
    text: 'Rotate all keys',
    risks: ['Builds stop'],
    affects: 'vault',
    pollMinutes: 10,
  })
  expect(await lists('bob')).toEqual(all)
  expect(await lists('rob')).toEqual(none)
  const contain = { account: 'x', action: 'DISABLED' }
  for (const id of [leak, nowhere])
    expect([
      codeOf(await app.ask('rob', read, { id })),
      codeOf(await app.command('carol', 'recordContainment', id, contain)),
      codeOf(await app.command('carol', 'engageFunction', id, { function: 'HR' })),
    ]).toEqual(Array(3).fill('INCIDENT_NOT_FOUND'))
  const { events, whoToCall } = await app.told(
    'rob',
    `{ events(first: 100) { nodes { incidentId } }
      whoToCall(service: "vault") { owners { handle } } }`,
  )
  expect(events.nodes).toEqual([])
  expect(whoToCall.owners).toEqual([{ handle: 'carol' }])
})

test('an auditor reads it by asking for it, and that is on record', async () => {
  expect(await lists('root')).toEqual(none)
  expect(await lists('root', 'includeRestricted: true')).toEqual(all)
  expect((await seen('root', 'engagedFunctions { function }')).engagedFunctions).toHaveLength(3)
  const { accessLog } = await app.told(
    'root',
    '{ accessLog(first: 100) { nodes { kind operation incidentId actor { name } } } }',
  )
  const by = { actor: { name: 'Root' } }
  const asked = ['incidents', 'openWork', 'undecided']
  expect(accessLog.nodes).toEqual(
    expect.arrayContaining([
      ...asked.map(operation => ({ kind: 'RESTRICTED_LIST', operation, incidentId: null, ...by })),
      { kind: 'RESTRICTED_INCIDENT', operation: 'incident', incidentId: leak, ...by },
    ]),
  )
})

test('why somebody was removed in private is hidden from its other members too', async () => {
  await app.act('alice', 'grantMembership', leak, { person: 'carol' })
  await app.act('carol', 'joinIncident', leak)
  const reason = 'She told a friend'
  await app.act('alice', 'removeResponder', leak, { person: 'carol', reason, private: true })
  const reasonTo = async (who: string) => (await seen(who, 'removals { reason }')).removals
  expect([await reasonTo('alice'), await reasonTo('bob')]).toEqual([
    [{ reason }],
    [{ reason: '[restricted]' }],
  ])
  const { events } = await app.told('bob', '{ events(first: 100) { nodes { data } } }')
  expect(JSON.stringify(events)).toContain('[restricted]')
  expect(JSON.stringify(events)).not.toContain(reason)
})

test('where data is lost the functions of security incidents are pulled in, whatever its type', async () => {
  const id = await app.declared({ title: 'Orders are gone' })
  const text = 'The orders of an hour'
  const { events } = await app.act('bob', 'reportDataLoss', id, { text })
  expect(events).toHaveLength(3)
  const look = async () =>
    (
      await app.told(
        'alice',
        `query ($id: ID!) { incident(id: $id) { dataLoss { text by { name } at }
          engagedFunctions { function byType reason } } }`,
        { id },
      )
    ).incident
  const engagedFunctions = ['LEGAL', 'PRIVACY'].map(which => ({
    function: which,
    byType: false,
    reason: 'Data was lost',
  }))
  expect(await look()).toEqual({
    dataLoss: { text, by: { name: 'Bob' }, at: app.clock.now() },
    engagedFunctions,
  })
  await app.act('alice', 'ruleOutDataLoss', id, { reason: 'They are in the queue' })
  expect(await look()).toEqual({ dataLoss: null, engagedFunctions })
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, codeOf, startApp } from '../support/app.js'
import { livePreparation } from '../support/live-preparation.mjs'

let app: App
let before: string
const told = (query: string, variables?: object) => app.told('rob', query, variables)
beforeAll(async () => {
  app = await startApp()
  const { organise, clock } = app
  const story = livePreparation({ organise, now: () => clock.now() })
  before = clock.now()
  clock.push(1)
  await story.namesRoles()
  clock.push(1)
  await story.trains()
})
afterAll(() => app.close())

test('groups are listed by handle with their members, the retired ones when asked for', async () => {
  const { groups, all } = await told(`{
    groups { nodes { handle name members { handle } retiredAt } }
    all: groups(includeRetired: true) { nodes { handle retiredAt } } }`)
  expect(groups.nodes).toEqual([
    {
      handle: 'payments',
      name: 'Payments team',
      members: expect.arrayContaining([{ handle: 'alice' }, { handle: 'carol' }]),
      retiredAt: null,
    },
  ])
  expect(all.nodes.map(({ handle }: any) => handle)).toEqual(['old-team', 'payments'])
})

test('a command about a group, a role or a qualification answers what it came to', async () => {
  const organise = async (mutation: string, input: object, selection: string) => {
    const type = mutation[0]!.toUpperCase() + mutation.slice(1)
    const document = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { ${selection} } }`
    return (await app.told('root', document, { input }))[mutation]
  }
  const again = { handle: 'payments', name: 'Payments team', members: ['carol', 'alice'] }
  expect(await organise('defineGroup', again, 'events { id } group { handle }')).toEqual({
    events: [],
    group: { handle: 'payments' },
  })
  const role = { role: 'SCRIBE', name: 'Writer' }
  expect(await organise('defineRole', role, 'roleDefinition { role version name }')).toEqual({
    roleDefinition: { ...role, version: 1 },
  })
  const none = { person: 'bob', role: 'INCIDENT_COMMANDER' }
  const shown = 'events { id } qualification { role person { handle } }'
  expect(await organise('revokeQualification', none, shown)).toEqual({
    events: [],
    qualification: null,
  })
  const bobs = { person: 'bob', role: 'SCRIBE' }
  expect((await organise('grantQualification', bobs, shown)).qualification).toEqual({
    role: 'SCRIBE',
    person: { handle: 'bob' },
  })
  await app.organise('revokeQualification', bobs)
})

test('the catalogue has every role, defined or not', async () => {
  const { roleCatalogue } = await told(
    '{ roleCatalogue { role version name duties instructions exclusive required qualified } }',
  )
  expect(roleCatalogue).toHaveLength(7)
  expect(roleCatalogue.slice(0, 2)).toEqual([
    {
      role: 'INCIDENT_COMMANDER',
      version: 1,
      name: 'Commander',
      duties: ['Decides', 'Hands over in time'],
      instructions: 'Say that you are in command',
      exclusive: true,
      required: true,
      qualified: true,
    },
    {
      role: 'DEPUTY',
      version: 0,
      name: 'deputy',
      duties: [],
      instructions: null,
      exclusive: false,
      required: false,
      qualified: false,
    },
  ])
})

test('qualifications are listed by person and role, of one of them when asked for', async () => {
  const found = async (args: string) => {
    const { qualifications } = await told(
      `{ qualifications${args} { nodes { role person { handle } } pageInfo { endCursor } } }`,
    )
    return qualifications.nodes.map(({ role, person }: any) => `${person.handle} ${role}`)
  }
  const all = ['alice INCIDENT_COMMANDER', 'carol INCIDENT_COMMANDER', 'carol SCRIBE']
  expect(await found('')).toEqual(all)
  expect(await found('(role: SCRIBE)')).toEqual(['carol SCRIBE'])
  expect(await found('(person: "alice")')).toEqual(['alice INCIDENT_COMMANDER'])
  const { qualifications: page } = await told(
    '{ qualifications(first: 2) { pageInfo { endCursor } } }',
  )
  expect(await found(`(first: 2, after: "${page.pageInfo.endCursor}")`)).toEqual([all[2]])
  const nobody = await app.ask('rob', '{ qualifications(person: "x-1") { nodes { role } } }')
  expect(codeOf(nobody)).toBe('UNKNOWN_PERSON')
})

test('who is qualified to command, and how deep each bench is, is told of any time', async () => {
  const at = async (moment: string | null) => {
    const { qualifiedCommanders, benchDepth } = await told(
      `query ($at: DateTime) {
        qualifiedCommanders(at: $at) { nodes { handle } }
        benchDepth(at: $at) { role qualified nextExpiryAt } }`,
      { at: moment },
    )
    const bench = benchDepth.find(({ role }: any) => role === 'INCIDENT_COMMANDER')
    expect(benchDepth).toHaveLength(7)
    expect(bench.qualified).toBe(qualifiedCommanders.nodes.length)
    return [qualifiedCommanders.nodes.map(({ handle }: any) => handle), bench.nextExpiryAt]
  }
  const month = new Date(Date.parse(app.clock.now()) + 30 * 86_400_000).toISOString()
  expect(await at(null)).toEqual([['alice', 'carol'], month])
  expect(await at(before)).toEqual([[], null])
  expect(await at(month)).toEqual([['alice'], null])
})

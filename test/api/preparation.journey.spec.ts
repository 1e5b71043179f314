import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
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
  await story.ownsServices()
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

describe('whom to call about a service', () => {
  const shown = `key name team owners { handle timeZone } contacts { kind value }
    escalation { people { handle } afterMinutes } retiredAt`
  const call = (service: string, at?: string) =>
    told(
      `query ($service: String!, $at: DateTime) { whoToCall(service: $service, at: $at) { ${shown} } }`,
      { service, at },
    ).then(({ whoToCall }) => whoToCall)
  const checkout = {
    key: 'checkout-api',
    name: 'Checkout',
    team: 'Payments',
    owners: [
      { handle: 'bob', timeZone: null },
      { handle: 'alice', timeZone: null },
    ],
    contacts: [
      { kind: 'CHAT', value: '#payments' },
      { kind: 'LINK', value: 'https://wiki.example.org/payments' },
    ],
    escalation: [{ people: [{ handle: 'carol' }], afterMinutes: 15 }],
    retiredAt: null,
  }

  test('is told in one call, and that nobody is', async () => {
    expect(await call('checkout-api')).toEqual(checkout)
    expect(await call('fax')).toBeNull()
    expect(await call('nothing')).toBeNull()
  })

  test('is told as of any moment: what was registered later was not known then', async () => {
    const registered = app.clock.now()
    app.clock.push(60)
    const input = { service: 'checkout-api', name: 'Checkout', owners: ['carol'] }
    await app.organise('registerServiceOwner', input)
    expect((await call('checkout-api')).owners).toEqual([{ handle: 'carol', timeZone: null }])
    expect(await call('checkout-api', registered)).toEqual(checkout)
    expect(await call('checkout-api', before)).toBeNull()
    expect(await call('checkout-api', '2099-01-01T00:00:00.000Z')).toMatchObject({ team: null })
  })

  test('is listed by owner, with what is retired when asked for', async () => {
    const { all, carols, bobs } = await told(`{
      all: services(includeRetired: true) { nodes { key retiredAt } }
      carols: services(owner: "carol") { nodes { key } }
      bobs: services(owner: "bob") { nodes { key } } }`)
    expect(all.nodes).toEqual([
      { key: 'checkout-api', retiredAt: null },
      { key: 'fax', retiredAt: expect.any(String) },
    ])
    expect([carols.nodes, bobs.nodes]).toEqual([[{ key: 'checkout-api' }], []])
  })
})

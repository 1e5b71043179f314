import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Directory } from '../../src/commands/directory.js'
import { type App, codeOf, startApp } from '../support/app.js'
import { liveDetails } from '../support/live-details.mjs'

let app: App
let story: ReturnType<typeof liveDetails>
beforeAll(async () => {
  app = await startApp()
  const { act, organise } = app
  story = liveDetails({ act, organise })
  await story.settles()
  await story.begins()
})
afterAll(() => app.close())

const seen = async (fields: string, at?: object) =>
  (
    await app.told(
      'rob',
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at },
    )
  ).incident

describe('custom fields', () => {
  const shown = 'key name type description options required retiredAt'

  test('are listed by key, the retired ones when asked for, a page at a time', async () => {
    const { customFields, all } = await app.told(
      'rob',
      `{ customFields { nodes { ${shown} } }
        all: customFields(includeRetired: true, first: 4) { nodes { key retiredAt } pageInfo { hasNextPage endCursor } } }`,
    )
    expect(customFields.nodes.map(({ key }: any) => key)).toEqual([
      'affected',
      'contact',
      'region',
      'ticket',
    ])
    expect(customFields.nodes[2]).toEqual({
      key: 'region',
      name: 'Region',
      type: 'SINGLE_SELECT',
      description: null,
      options: ['Europe', 'Asia'],
      required: false,
      retiredAt: null,
    })
    expect(all.pageInfo.hasNextPage).toBe(true)
    expect(all.nodes[2]).toEqual({ key: 'mood', retiredAt: app.clock.now() })
    const { customFields: rest } = await app.told(
      'rob',
      'query ($c: Cursor) { customFields(includeRetired: true, after: $c) { nodes { key } } }',
      { c: all.pageInfo.endCursor },
    )
    expect(rest.nodes).toEqual([{ key: 'ticket' }])
  })

  test('are the organisation’s to define', async () => {
    const define = `mutation { defineCustomField(input: { key: "x", name: "X", type: TEXT }) { revision } }`
    expect(codeOf(await app.ask('alice', define))).toBe('SCOPE_MISSING')
  })

  test('show what an incident says, as it was called when that was said', async () => {
    await story.fillsIn()
    const { revision, customFields } = await seen(
      'revision customFields { key name type number person { handle } setAt }',
    )
    const contact = {
      key: 'contact',
      name: 'Contact',
      type: 'PERSON',
      number: null,
      person: { handle: 'bob' },
      setAt: app.clock.now(),
    }
    expect(customFields).toEqual([
      {
        key: 'affected',
        name: 'Affected customers',
        type: 'NUMBER',
        number: 300,
        person: null,
        setAt: app.clock.now(),
      },
      contact,
    ])
    await app.organise('changeCustomField', { key: 'contact', name: 'Whom to ask' })
    await app.organise('retireCustomField', { key: 'contact' })
    const { customFields: later } = await seen('customFields { key name }')
    expect(later[1]).toEqual({ key: 'contact', name: 'Contact' })
    const before = await seen('customFields { key option }', { revision: revision - 1 })
    expect(before.customFields[2]).toEqual({ key: 'region', option: 'Europe' })
  })

  test('are decided under the policy whose revision the event names, from the very next command on', async () => {
    const id = await app.declared()
    await app.organise('defineCustomField', { key: 'fresh', name: 'Fresh', type: 'TEXT' })
    const { revision } = app.app.get(Directory)
    const { events } = await app.act('alice', 'setCustomFields', id, {
      fields: [{ key: 'fresh', value: { text: 'x' } }],
    })
    const [stored] = (await app.store.read(`incident-${id}`, 0)).slice(-1)
    expect([stored!.id, stored!.policyRevision]).toEqual([events[0]!.id, revision])
  })

  test('that are required keep an incident from being closed, and closing from being offered', async () => {
    const id = await app.declared()
    await app.act('alice', 'resolveIncident', id, { summary: 'Fixed' })
    const can = async () =>
      (await app.told('alice', `{ incident(id: "${id}") { viewerCan } }`)).incident.viewerCan
    expect(await can()).not.toContain('closeIncident')
    const refused = await app.command('alice', 'closeIncident', id, {})
    expect(refused.errors![0]!.extensions).toEqual({
      code: 'FIELDS_REQUIRED',
      details: { fields: ['affected'] },
    })
    const fields = [{ key: 'affected', value: { number: 0 } }]
    await app.act('alice', 'setCustomFields', id, { fields })
    expect(await can()).toContain('closeIncident')
    await app.act('alice', 'closeIncident', id, {})
  })
})

describe('labels', () => {
  test('find incidents in lists, all that are asked for, after the next command', async () => {
    await story.marks()
    const { id } = story.told
    expect((await seen('labels')).labels).toEqual(['billing', 'customer:Acme'])
    const other = await app.declared({ title: 'Other' })
    await app.act('bob', 'addLabels', other, { labels: ['billing'] })
    const found = async (...labels: string[]) =>
      (
        await app.told(
          'rob',
          `query ($l: [String!]) { incidents(filter: { labels: $l }) { nodes { id labels } } }`,
          { l: labels },
        )
      ).incidents.nodes.map((node: any) => node.id)
    expect(new Set(await found('billing'))).toEqual(new Set([other, id]))
    expect(await found('billing', 'customer:Acme')).toEqual([id])
    expect(await found('billing', 'vat')).toEqual([])
    await app.act('bob', 'removeLabels', other, { labels: ['billing'] })
    expect(await found('billing')).toEqual([id])
    const many = `query ($l: [String!]) { incidents(filter: { labels: $l }) { nodes { id } } }`
    expect(codeOf(await app.ask('rob', many, { l: Array(51).fill('a') }))).toBe('INVALID_INPUT')
  })
})

test('custom fields find incidents by their very value', async () => {
  await app.organise('defineCustomField', {
    key: 'channels',
    name: 'Channels',
    type: 'MULTI_SELECT',
    options: ['web', 'app', 'phone'],
  })
  await app.organise('defineCustomField', { key: 'owner', name: 'Owner', type: 'PERSON' })
  const id = await app.declared({ title: 'By value' })
  const fields = [
    { key: 'channels', value: { options: ['phone', 'web'] } },
    { key: 'owner', value: { person: 'carol' } },
    { key: 'affected', value: { number: 12 } },
  ]
  await app.act('alice', 'setCustomFields', id, { fields })
  const found = async (...wanted: object[]) =>
    (
      await app.told(
        'rob',
        `query ($f: [CustomFieldInput!]) { incidents(filter: { customFields: $f }) { nodes { id } } }`,
        { f: wanted },
      )
    ).incidents.nodes.map((node: any) => node.id)
  for (const field of fields) expect(await found(field)).toEqual([id])
  expect(await found(...fields)).toEqual([id])
  expect(await found({ key: 'channels', value: { options: ['web'] } })).toEqual([id])
  expect(await found({ key: 'channels', value: { options: ['app', 'web'] } })).toEqual([])
  expect(await found({ key: 'affected', value: { number: 12.5 } })).toEqual([])
  await app.act('alice', 'clearCustomField', id, { key: 'affected' })
  expect(await found(fields[2]!)).toEqual([])
})

test('the timeline shows what is key, and what has nothing to show it', async () => {
  const { sum, attachment } = story.told.entries
  const shown = async (filter: string) =>
    (
      await seen(`timeline(filter: { ${filter} }, first: 100) { nodes { eventId isKey
        evidence { url label sha256 attachedBy } } }`)
    ).timeline.nodes
  const [key, ...more] = await shown('key: true')
  expect([key.eventId, more]).toEqual([sum, []])
  expect(key.evidence).toEqual([
    {
      url: 'https://files.example.org/invoice.pdf',
      label: 'An invoice',
      sha256: 'a'.repeat(64),
      attachedBy: expect.not.stringMatching(attachment),
    },
  ])
  expect(await shown('evidence: true')).toEqual([key])
  expect(await shown('key: true, evidence: false')).toEqual([])
  const without = await shown('evidence: false')
  expect(without.length).toBeGreaterThan(3)
  expect(without.map(({ eventId }: any) => eventId)).not.toContain(sum)
  const { postmortem } = await seen('postmortem { keyEntries { eventId } markdown }')
  expect(postmortem.keyEntries).toEqual([{ eventId: sum }])
  expect(postmortem.markdown).toMatch('## Key entries')
})

describe('an incident template', () => {
  test('is listed with all that it says, in its last version', async () => {
    const { incidentTemplates, all } = await app.told(
      'rob',
      `{ incidentTemplates { nodes { key version name title severity type effect services labels guidance
          customFields { key option person { handle } } } }
        all: incidentTemplates(includeRetired: true) { nodes { key retiredAt } } }`,
    )
    expect(incidentTemplates.nodes).toEqual([
      {
        key: 'billing',
        version: 2,
        name: 'Billing',
        title: 'Invoices are wrong',
        severity: 'SEV2',
        type: null,
        effect: 'QUALITY',
        services: ['invoicing'],
        labels: ['billing'],
        guidance: 'Stop the run of invoices first',
        customFields: [
          { key: 'region', option: 'Asia', person: null },
          { key: 'contact', option: null, person: { handle: 'carol' } },
        ],
      },
    ])
    expect(all.nodes.map(({ key }: any) => key)).toEqual(['billing', 'old'])
  })

  test('says what the client left out, and the incident keeps by which version', async () => {
    const first = await seen(
      'title severity effect services labels template { key version } customFields { key option person { handle } }',
      { revision: 5 },
    )
    expect(first).toEqual({
      title: 'Invoices are wrong',
      severity: 'SEV4',
      effect: 'QUALITY',
      services: ['invoicing'],
      labels: ['billing'],
      template: { key: 'billing', version: 2 },
      customFields: [
        { key: 'contact', option: null, person: { handle: 'carol' } },
        { key: 'region', option: 'Europe', person: null },
      ],
    })
  })
})

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

import { describe, expect, test } from '@jest/globals'
import type { DeclareIncident } from '../../src/incident/declaration.js'
import { given } from '../support/given.js'
import { policy as settled } from '../support/policy.js'

const policy = { ...settled, severityScales: [] }

const declared = (input: DeclareIncident) =>
  given().when({ type: 'DeclareIncident', data: input }, { policy })
const events = (input: DeclareIncident) => declared(input).outcome().events

describe('an incident declared by a template', () => {
  test('is as the template says, as far as that still holds, and says by which version', () =>
    expect(events({ template: 'failover' })).toEqual([
      {
        type: 'IncidentDeclared',
        data: {
          reference: 'INC-1',
          title: 'The database failed over',
          type: 'SERVICE',
          mode: 'LIVE',
          status: 'ACTIVE',
          effect: 'DEGRADATION',
          template: { key: 'failover', version: 3 },
        },
      },
      { type: 'SeveritySet', data: { level: 'SEV2' } },
      { type: 'ServicesSet', data: { services: ['db'] } },
      { type: 'LabelsAdded', data: { labels: ['team:data'] } },
      { type: 'CustomFieldSet', data: { key: 'region', name: 'The region', option: 'Asia' } },
      { type: 'CustomFieldSet', data: { key: 'cause', name: 'The cause', text: 'A failover' } },
    ]))

  test('is otherwise where the client says so', () => {
    const said = events({
      template: 'failover',
      title: 'Mine',
      severity: 'SEV4',
      services: [],
      labels: ['mine'],
      customFields: [{ key: 'region', value: { option: 'Europe' } }],
    })
    expect(said.map(({ data }) => data)).toEqual([
      expect.objectContaining({ title: 'Mine', effect: 'DEGRADATION' }),
      { level: 'SEV4' },
      { labels: ['mine'] },
      { key: 'region', name: 'The region', option: 'Europe' },
      { key: 'cause', name: 'The cause', text: 'A failover' },
    ])
  })

  test('needs a title from one of them', () => {
    declared({ template: 'bare' }).thenRefused('INVALID_INPUT', { fields: ['title'] })
    declared({}).thenRefused('INVALID_INPUT', { fields: ['title'] })
    expect(events({ template: 'bare', title: 'x' })).toHaveLength(2)
  })

  test('needs one that there is, and that is not retired', () => {
    for (const template of ['none', '__proto__'])
      declared({ template, title: 'x' }).thenRefused('UNKNOWN_TEMPLATE', { key: template })
    declared({ template: 'gone', title: 'x' }).thenRefused('TEMPLATE_RETIRED', { key: 'gone' })
  })

  test('is refused for a value of the client’s that does not fit', () =>
    declared({
      template: 'failover',
      customFields: [{ key: 'affected', value: { text: 'many' } }],
    }).thenRefused('FIELD_TYPE', { key: 'affected' }))

  test('is told so', () =>
    expect(
      given({
        type: 'IncidentDeclared',
        data: {
          reference: 'INC-1',
          title: 'x',
          type: 'SERVICE',
          mode: 'LIVE',
          status: 'ACTIVE',
          template: { key: 'failover', version: 3 },
        },
      }).tells(),
    ).toEqual(['alice declared “x” by version 3 of the template failover']))
})

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type App, codeOf, startApp } from '../support/app.js'
import { liveRules } from '../support/live-rules.mjs'

let app: App
let story: ReturnType<typeof liveRules>
beforeAll(async () => {
  app = await startApp()
  const { act, organise } = app
  story = liveRules({ act, organise, push: minutes => app.clock.push(minutes) })
  await story.plans()
})
afterAll(() => app.close())

describe('runbooks and response plans', () => {
  test('are listed in their last version, the retired ones when asked for', async () => {
    const { runbooks, all } = await app.told(
      'rob',
      `{ runbooks { nodes { key version name description inOrder retiredAt
          steps { key title instructions needsApproval } } }
        all: runbooks(includeRetired: true) { nodes { key retiredAt } } }`,
    )
    expect(runbooks.nodes).toEqual([
      {
        key: 'fail-over',
        version: 2,
        name: 'Fail over',
        description: null,
        inOrder: true,
        retiredAt: null,
        steps: [
          { key: 'stop', title: 'Stop writing', instructions: 'Set the flag', needsApproval: true },
          { key: 'switch', title: 'Switch over', instructions: null, needsApproval: false },
        ],
      },
    ])
    expect(all.nodes).toEqual([
      { key: 'by-hand', retiredAt: app.clock.now() },
      { key: 'fail-over', retiredAt: null },
    ])
  })

  test('are found by what they are for, and what nothing is planned for is told', async () => {
    const found = async (wanted: string) =>
      (await app.told('rob', `{ responsePlans(${wanted}) { nodes { key } } }`)).responsePlans.nodes
    const isFound = [{ key: 'lost-region' }]
    expect(await found('severity: UNDETERMINED, service: "api", type: SECURITY')).toEqual(isFound)
    expect(await found('severity: SEV3')).toEqual([])
    const { planCoverage } = await app.told(
      'rob',
      '{ planCoverage { nodes { service plans { key services } missing { type severities } } } }',
    )
    const plans = [{ key: 'lost-region', services: ['api', 'web'] }]
    const severities = ['SEV3', 'SEV4', 'SEV5']
    const missing = ['SERVICE', 'SECURITY'].map(type => ({ type, severities }))
    expect(planCoverage.nodes).toEqual(['api', 'web'].map(service => ({ service, plans, missing })))
  })

  test('are shown by the command that settles them, and are the organisation’s to settle', async () => {
    const document = `mutation { defineRunbook(input: { key: "by-hand", name: "By hand",
      steps: [{ key: "a", title: "A" }] }) { runbook { version retiredAt } } }`
    expect(codeOf(await app.ask('alice', document))).toBe('SCOPE_MISSING')
    const { defineRunbook } = await app.told('root', document)
    expect(defineRunbook.runbook).toEqual({ version: 2, retiredAt: null })
  })
})

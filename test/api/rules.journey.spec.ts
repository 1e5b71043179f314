import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type App, codeOf, startApp } from '../support/app.js'
import { liveRules } from '../support/live-rules.mjs'

let app: App
let story: ReturnType<typeof liveRules>
beforeAll(async () => {
  app = await startApp()
  const { act, organise } = app
  story = liveRules({ act, organise, push: minutes => app.clock.push(minutes) })
  await story.severities()
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

describe('the severity scale', () => {
  const meaning =
    'severity severityScaleVersion severityMeaning { name criteria { usersAffectedPct } }'
  const seen = async (fields: string) =>
    (await app.told('rob', `{ incident(id: "${story.told.id}") { ${fields} } }`)).incident

  test('is told in force, or as it was in any version', async () => {
    const { now, first, none } = await app.told(
      'rob',
      `{ now: severityScale { version levels { level name description
            criteria { usersAffectedPct durationMinutes }
            policies { requiredRoles warRoom serviceOwners withinMinutes } } }
        first: severityScale(version: 1) { version levels { criteria { usersAffectedPct } } }
        none: severityScale(version: 3) { version } }`,
    )
    expect(now).toEqual({
      version: 2,
      levels: [
        {
          level: 'SEV1',
          name: 'Critical',
          description: 'All hands',
          criteria: { usersAffectedPct: 25, durationMinutes: 15 },
          policies: {
            requiredRoles: ['INCIDENT_COMMANDER', 'SCRIBE'],
            warRoom: true,
            serviceOwners: true,
            withinMinutes: 10,
          },
        },
        {
          level: 'SEV2',
          name: 'Major',
          description: null,
          criteria: { usersAffectedPct: 2.5, durationMinutes: null },
          policies: { requiredRoles: [], warRoom: false, serviceOwners: false, withinMinutes: 5 },
        },
      ],
    })
    expect(first.levels[1]).toEqual({ criteria: { usersAffectedPct: 5 } })
    expect(none).toBeNull()
  })

  test('is kept by incidents as it was when their severity was set, until it is set anew', async () => {
    expect(await seen(`${meaning} severityContests { proposed scaleVersion }`)).toEqual({
      severity: 'SEV2',
      severityScaleVersion: 1,
      severityMeaning: { name: 'Major', criteria: { usersAffectedPct: 5 } },
      severityContests: [{ proposed: 'SEV1', scaleVersion: 2 }],
    })
    const again = { level: 'SEV2', scaleVersion: 1 }
    const refused = await app.command('alice', 'setSeverity', story.told.id, again)
    expect(refused.errors![0]!.extensions).toEqual({
      code: 'POLICY_CHANGED',
      details: { what: 'SEVERITY_SCALE', version: 2 },
    })
    await app.act('alice', 'setSeverity', story.told.id, { ...again, scaleVersion: 2 })
    expect(await seen(meaning)).toEqual({
      severity: 'SEV2',
      severityScaleVersion: 2,
      severityMeaning: { name: 'Major', criteria: { usersAffectedPct: 2.5 } },
    })
    const { postmortem } = await seen('postmortem { severityHistory { level scaleVersion } }')
    expect(postmortem.severityHistory).toEqual([
      { level: 'SEV2', scaleVersion: 1 },
      { level: 'SEV2', scaleVersion: 2 },
    ])
  })
})

test('an incident tells how far its response is, since when, and whether it runs', async () => {
  const fields = 'phase emergencyMode phases { phase from until minutes }'
  const seen = async (asOf?: object) =>
    (
      await app.told(
        'rob',
        `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
        { id: story.told.id, at: asOf },
      )
    ).incident
  const began = app.clock.now()
  app.clock.push(12)
  const now = app.clock.now()
  await app.act('alice', 'resolveIncident', story.told.id, { summary: 'Indexed anew' })
  const first = { phase: 'TRIAGE', from: began, until: began, minutes: 0 }
  const second = { phase: 'MOBILIZE', from: began, until: now, minutes: 12 }
  const last = { phase: 'PREVENT', from: now, until: null, minutes: 0 }
  expect(await seen()).toEqual({
    phase: 'PREVENT',
    emergencyMode: false,
    phases: [first, second, last],
  })
  expect(await seen({ recordedAt: began })).toEqual({
    phase: 'MOBILIZE',
    emergencyMode: true,
    phases: [first, { ...second, until: null, minutes: 0 }],
  })
  await app.act('alice', 'reopenIncident', story.told.id, { reason: 'It is empty again' })
  expect(await seen()).toMatchObject({ phase: 'RESOLVE', emergencyMode: true })
})

test('how long one may be on is 90 minutes, or what the organisation says', async () =>
  expect((await app.told('rob', '{ rotationPolicy { maxMinutes } }')).rotationPolicy).toEqual({
    maxMinutes: 60,
  }))

test('before it is declared, one sees how an incident of a type and severity would be handled', async () => {
  const { incidentTypes, routePreview } = await app.told(
    'rob',
    `{ incidentTypes { type version visibility audiences functions route { afterMinutes } playbook { key } }
      routePreview(type: SECURITY, severity: SEV1) { effectiveSeverity severityMeaning { name }
        plans { key } definition { version description channel visibility audiences functions
          route { people { handle } afterMinutes } playbook { key version } } } }`,
  )
  expect(incidentTypes[0]).toEqual({
    type: 'SERVICE',
    version: 0,
    visibility: 'INTERNAL',
    audiences: [],
    functions: [],
    route: [],
    playbook: null,
  })
  expect(routePreview).toEqual({
    effectiveSeverity: 'SEV1',
    severityMeaning: { name: 'Critical' },
    plans: [{ key: 'lost-region' }],
    definition: {
      version: 1,
      description: 'Somebody is in who should not be',
      channel: '#security-bridge',
      visibility: 'RESTRICTED',
      audiences: ['EXECUTIVES', 'CUSTOMERS'],
      functions: ['LEGAL', 'PRIVACY'],
      route: [{ people: [{ handle: 'bob' }, { handle: 'carol' }], afterMinutes: 5 }],
      playbook: { key: 'fail-over', version: 2 },
    },
  })
})

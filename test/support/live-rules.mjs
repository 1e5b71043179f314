/** What an organisation settles before anything happens, and an incident that is decided under it; told in chapters. */
export function liveRules({ act, organise }) {
  const told = { id: '' }
  const does = (who, mutation, input) => act(who, mutation, told.id, input)

  return {
    told,
    /** What each severity means, and that one learned. */
    async severities() {
      const sev1 = {
        level: 'SEV1',
        name: 'Critical',
        description: 'All hands',
        criteria: { usersAffectedPct: 25, durationMinutes: 15 },
        policies: {
          requiredRoles: ['SCRIBE', 'INCIDENT_COMMANDER'],
          warRoom: true,
          serviceOwners: true,
          withinMinutes: 10,
        },
      }
      const sev2 = { level: 'SEV2', name: 'Major', criteria: { usersAffectedPct: 5 } }
      await organise('defineSeverityScale', { levels: [sev2, sev1] })
      const { incident } = await act('alice', 'declareIncident', undefined, {
        title: 'Search is empty',
        severity: 'SEV2',
      })
      told.id = incident.id
      const stricter = { ...sev2, criteria: { usersAffectedPct: 2.5 } }
      await organise('defineSeverityScale', { levels: [sev1, stricter] })
      await does('bob', 'contestSeverity', { proposed: 'SEV1', reason: 'Nobody finds anything' })
      await organise('setRotationPolicy', { maxMinutes: 60 })
      await does('bob', 'enterPhase', { phase: 'MOBILIZE' })
    },
    /** What was thought out. */
    async plans() {
      const steps = [
        { key: 'stop', title: 'Stop writing', instructions: 'Set the flag', needsApproval: true },
        { key: 'switch', title: 'Switch over' },
      ]
      await organise('defineRunbook', { key: 'fail-over', name: 'Fail over', steps })
      await organise('defineRunbook', { key: 'fail-over', name: 'Fail over', inOrder: true, steps })
      await organise('defineRunbook', { key: 'by-hand', name: 'By hand', steps })
      await organise('retireRunbook', { key: 'by-hand', reason: 'It is automated' })
      await organise('defineIncidentType', {
        type: 'SECURITY',
        description: 'Somebody is in who should not be',
        route: [{ people: ['bob', 'carol'], afterMinutes: 5 }],
        channel: '#security-bridge',
        playbook: 'fail-over',
        audiences: ['CUSTOMERS', 'EXECUTIVES'],
        functions: ['PRIVACY', 'LEGAL'],
      })
      await organise('definePlan', {
        key: 'lost-region',
        name: 'A region is lost',
        severities: ['SEV1', 'SEV2'],
        services: ['web', 'api'],
        steps: [{ key: 'dns', title: 'Move traffic' }],
      })
      await organise('definePlan', { key: 'old-plan', name: 'Old', steps })
      await organise('retirePlan', { key: 'old-plan', reason: 'Nobody remembers it' })
    },
    /** Somebody may be in. */
    async security() {
      const note = 'In all regions'
      await does('bob', 'recordContainment', { account: 'search-bot', action: 'DISABLED', note })
      await does('alice', 'engageFunction', { function: 'LEGAL', person: 'bob', reason: 'A leak' })
      await does('bob', 'reportDataLoss', { text: 'Perhaps the words that were searched for' })
      await does('alice', 'ruleOutDataLoss', { reason: 'They are kept nowhere' })
      await does('bob', 'reportDataLoss', { text: 'The index of an hour' })
      const { incident } = await act('alice', 'declareIncident', undefined, {
        title: 'A key is for sale',
        type: 'SECURITY',
        visibility: 'INTERNAL',
      })
      await act('alice', 'startPlaybook', incident.id)
    },
  }
}

/** What an organisation settles before anything happens, and an incident that is decided under it; told in chapters. */
export function liveRules({ organise }) {
  const told = { id: '' }

  return {
    told,
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
  }
}

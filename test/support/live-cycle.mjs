/** Size up, decide, verify, and leave for the review what can wait: one incident, told in chapters. */
export function liveCycle({ act, push }) {
  const told = { id: '', proposal: '', withdrawn: '', decision: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)
  const proposes = async (who, input) =>
    (await does(who, 'proposeAction', input)).events[0].data.proposalId

  return {
    told,
    async begins() {
      const { incident } = await act(
        'alice',
        'declareIncident',
        undefined,
        { title: 'The search is empty', severity: 'SEV2' },
        { commandId: 'empty-search' },
      )
      told.id = incident.id
      await does('alice', 'claimCommand')
    },
    /** 10 minutes: proposals, what is said against them, and what the commander makes of it. */
    async decides() {
      push(1)
      told.proposal = await proposes('bob', {
        text: 'Switch to the old index',
        risks: ['Results of today are missing', 'It may be too large'],
        affects: 'search',
        pollMinutes: 2,
      })
      told.withdrawn = await proposes('bob', { text: 'Wait', risks: [], pollMinutes: 5 })
      push(1)
      const { proposal: proposalId } = told
      await does('carol', 'raiseObjection', { proposalId, strong: true, reason: 'It is stale' })
      await does('alice', 'raiseObjection', { proposalId, strong: false, reason: 'It is slow' })
      await does('bob', 'decide', { proposalId: told.withdrawn, outcome: 'WITHDRAW' })
      push(6)
      const { events } = await does('alice', 'decide', {
        proposalId,
        outcome: 'APPROVE',
        rationale: 'Stale beats empty',
      })
      told.decision = events[0].id
      await does('alice', 'decide', { text: 'Page nobody else', outcome: 'APPROVE' })
      push(2)
      await does('alice', 'reverseDecision', { eventId: told.decision, reason: 'It is too large' })
    },
  }
}

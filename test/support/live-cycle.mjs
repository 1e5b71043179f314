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
    /** What is going on, what is behind it, and what must wait. */
    async sizesUp() {
      const { occurredAt } = (
        await does('alice', 'recordSizeUp', { situation: 'No query finds anything' })
      ).events[0]
      const nextUpdateBy = new Date(Date.parse(occurredAt) + 30 * 60_000).toISOString()
      await does('alice', 'recordSizeUp', {
        situation: 'No query of today finds anything',
        impact: 'Nobody finds what they want to buy',
        nextUpdateBy,
      })
      const lock = await does('bob', 'proposeHypothesis', {
        text: 'The index is locked',
        evidence: 'It is not written to',
      })
      await does('carol', 'proposeHypothesis', { text: 'The index is full' })
      const { id: eventId } = lock.events[0]
      await does('bob', 'settleHypothesis', { eventId, outcome: 'REFUTED', evidence: 'No lock' })
      await does('carol', 'deferQuestion', { text: 'Who switched it off?', kind: 'BLAME' })
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
    /** Whether it holds, and once it does, what helped it happen. */
    async verifies() {
      await does('bob', 'recordVerification', { result: 'NOT_HOLDING', finding: 'Empty again' })
      await does('alice', 'recordSizeUp', { situation: 'The old index is gone' })
      await does('bob', 'recordVerification', { result: 'HOLDING', finding: 'Results are back' })
      await does('alice', 'mitigateIncident', { summary: 'The index was made anew' })
      const statement = 'Nobody was told that the index was full'
      await does('carol', 'recordContributingFactor', { category: 'MONITORING', statement })
    },
  }
}

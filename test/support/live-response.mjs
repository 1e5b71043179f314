/** What else a response needs, in one near miss that becomes a major incident; told in chapters. */
export function liveResponse({ act, push }) {
  const told = { id: '', feedback: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
    /** 0 to 3 minutes: a near miss that did harm after all, noticed by a customer before it was said. */
    async begins() {
      const { incident, events } = await act(
        'alice',
        'declareIncident',
        undefined,
        { title: 'Orders are late', kind: 'NEAR_MISS', severity: 'SEV3' },
        { commandId: 'late-orders' },
      )
      told.id = incident.id
      const before = minutes =>
        new Date(Date.parse(events[0].occurredAt) - minutes * 60_000).toISOString()
      push(1)
      await does('alice', 'claimCommand')
      await does('alice', 'recordDetection', { source: 'MONITORING' }, { occurredAt: before(5) })
      await does(
        'bob',
        'recordDetection',
        { source: 'CUSTOMER' },
        { occurredAt: before(20), timing: 'APPROXIMATE' },
      )
      push(1)
      await does('bob', 'escalateNearMiss', { reason: 'Some orders were lost' })
      await does('bob', 'contestSeverity', { proposed: 'SEV1', reason: 'Nobody can order' })
      push(1)
      await does('carol', 'declareMajor', { reason: 'Three teams are needed' })
    },
    /** 3 to 6 minutes: what others want of the response, and its commander is relieved. */
    async isAsked() {
      push(1)
      const { events } = await does('carol', 'relayFeedback', {
        audience: 'CUSTOMERS',
        text: 'They see no confirmation',
      })
      told.feedback = events[0].id
      await does('carol', 'relayFeedback', { audience: 'EXECUTIVES', text: 'They want numbers' })
      await does('alice', 'acknowledgeFeedback', { eventId: told.feedback })
      await does('alice', 'deferInstruction', { from: 'carol', text: 'Restart everything' })
      push(1)
      await does('alice', 'assignRole', { role: 'DEPUTY', person: 'bob' })
      await does('alice', 'offerHandoff', { to: 'carol' })
      await does('bob', 'promoteDeputy', { reason: 'Alice lost her connection' })
      push(1)
      await does('bob', 'standDownMajor', { reason: 'One team is enough' })
    },
    /** 6 to 17 minutes: over, somebody had been in, and what remains begins. */
    async ends() {
      push(10)
      await does('bob', 'resolveIncident', { summary: 'All orders are through' })
      push(1)
      await does('bob', 'reclassify', { type: 'SECURITY', reason: 'Somebody had been in' })
      await does('bob', 'beginPostIncident')
    },
  }
}

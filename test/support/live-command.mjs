/** How a response is led: who is relieved, removed, put under others, and what waits. In chapters. */
export function liveCommand({ act, push }) {
  const told = { id: '', subteamId: '', parked: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
    /** 0 to 2 minutes: alice commands, with bob as scribe and deputy, and carol disturbs. */
    async begins() {
      const input = { title: 'Queues grow', severity: 'SEV2' }
      told.id = (await act('alice', 'declareIncident', undefined, input)).incident.id
      await does('alice', 'claimCommand')
      for (const role of ['SCRIBE', 'DEPUTY'])
        await does('alice', 'assignRole', { role, person: 'bob' })
      for (const who of ['bob', 'carol']) await does(who, 'joinIncident')
      push(2)
      const asked = { from: 'carol', text: 'Numbers for the board' }
      told.parked = (await does('bob', 'deferRequest', asked)).events[0].id
      const team = { name: 'Queues', lead: 'bob' }
      told.subteamId = (await does('alice', 'createSubteam', team)).events[0].data.subteamId
      await does('bob', 'addToSubteam', { subteamId: told.subteamId, person: 'carol' })
    },
    /** At 3 minutes: carol is removed, for a reason that is not for everybody. */
    async removes() {
      push(1)
      await does('alice', 'removeResponder', {
        person: 'carol',
        reason: 'She shouted at the scribe',
      })
    },
    /** 3 to 95 minutes: she is let in again, and bob, who was on for long, is relieved by her. */
    async relieves() {
      push(2)
      await does('alice', 'readmitResponder', { person: 'carol', reason: 'She apologised' })
      push(90)
      await does('alice', 'relieveResponder', { person: 'bob', relief: 'carol' })
      await does('alice', 'removeFromSubteam', { subteamId: told.subteamId, person: 'carol' })
      await does('alice', 'dissolveSubteam', { subteamId: told.subteamId, reason: 'Drained' })
      await does('alice', 'answerDeferredRequest', { eventId: told.parked, answer: '12 orders' })
    },
  }
}

/** Who comes, from where, and who may go again; told in chapters. */
export function liveMobilising({ act, organise, push }) {
  const told = { id: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
    /** Who looks after what. */
    async settles() {
      await organise('registerServiceOwner', {
        service: 'payments',
        name: 'Payments',
        team: 'Payments',
        owners: ['bob', 'carol'],
        escalation: [
          { people: ['bob'], afterMinutes: 0 },
          { people: ['alice'], afterMinutes: 5 },
          { people: ['carol'], afterMinutes: 15 },
        ],
      })
    },
    /** 0 to 2 minutes: two people come, and one of them moves. */
    async joins() {
      const { incident } = await act(
        'alice',
        'declareIncident',
        undefined,
        { title: 'Payments are refused', severity: 'SEV1', services: ['payments'] },
        { commandId: 'refused-payments' },
      )
      told.id = incident.id
      await does('alice', 'claimCommand')
      await does('alice', 'joinIncident', { team: 'Command', channel: 'SLACK' })
      push(1)
      await does('bob', 'joinIncident', {
        team: 'Payments',
        function: 'Database engineer',
        place: 'Zürich',
        timeZone: 'Europe/Zurich',
        channel: 'PHONE',
      })
      push(1)
      await does('bob', 'changeParticipation', { place: 'Bern', channel: 'ZOOM' })
    },
    /** 2 to 6 minutes: where they meet, and who is called. */
    async calls() {
      const { events } = await does('alice', 'openWarRoom', { kind: 'PHYSICAL', place: 'Room 1' })
      await does('alice', 'openWarRoom', { kind: 'VIRTUAL', url: 'https://meet.example.org/7' })
      await does('alice', 'closeWarRoom', { roomId: events[0].data.roomId })
      await does('alice', 'linkChannel', { kind: 'SLACK', ref: '#inc-payment' })
      await does('alice', 'unlinkChannel', { kind: 'SLACK', ref: '#inc-payment' })
      await does('alice', 'linkChannel', { kind: 'SLACK', ref: '#inc-payments' })
      await does('alice', 'inviteServiceOwners', {})
      push(1)
      const page = await does('alice', 'pageResponder', { person: 'carol', channel: 'PHONE' })
      push(1)
      await does('carol', 'acknowledgePage', { pageId: page.events[0].data.pageId })
      const request = await does('alice', 'requestResponder', {
        role: 'SCRIBE',
        reason: 'Nobody writes',
      })
      const { requestId } = request.events[0].data
      await does('bob', 'respondToRequest', { requestId, answer: 'DECLINE', reason: 'I type' })
      await does('carol', 'respondToRequest', { requestId, answer: 'ETA', etaMinutes: 5 })
      push(2)
      await does('carol', 'joinIncident', { team: 'Support' })
    },
    /** 6 to 10 minutes: it is somebody else's. */
    async escalates() {
      await does('alice', 'escalate', { service: 'payments', reason: 'Not the network' })
      push(1)
      const { events } = await does('alice', 'escalate', {
        service: 'payments',
        tier: 3,
        skipTiers: true,
        reason: 'Nobody answers',
      })
      push(1)
      await does('carol', 'acknowledgeEscalation', { escalationId: events[0].data.escalationId })
      push(2)
    },
    /** 10 to 12 minutes: who has no part in it may go. */
    async letsGo() {
      const evidence = [{ url: 'https://graphs.example.org/db', label: 'The database' }]
      await does('bob', 'declareNotInvolved', {
        service: 'database',
        reason: 'It answers as ever',
        evidence,
      })
      push(2)
      await does('alice', 'releaseResponder', {
        person: 'bob',
        reason: 'Not the database',
        evidence,
      })
    },
  }
}

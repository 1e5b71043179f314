/** Who comes, from where, and who may go again; told in chapters. */
export function liveMobilising({ act, push }) {
  const told = { id: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
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
  }
}

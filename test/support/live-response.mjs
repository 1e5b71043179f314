/** What else a response needs, in one incident from its declaration to its review; told in chapters. */
export function liveResponse({ act, push }) {
  const told = { id: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
    /** Somebody takes command of it. */
    async begins() {
      const { incident } = await act(
        'alice',
        'declareIncident',
        undefined,
        { title: 'Orders are late' },
        { commandId: 'late-orders' },
      )
      told.id = incident.id
      push(1)
      await does('alice', 'claimCommand')
    },
    /** Over, and what remains begins. */
    async ends() {
      push(10)
      await does('alice', 'resolveIncident', { summary: 'All orders are through' })
      push(1)
      await does('bob', 'beginPostIncident')
    },
  }
}

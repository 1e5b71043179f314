/** How tasks get more time, or do not: an incident of its own, told in chapters. */
export function liveTasks({ act, push }) {
  const told = { id: '', taskId: '' }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
    /** 0 to 9 minutes: refused once, granted once. */
    async needsMoreTime() {
      const { incident } = await act('alice', 'declareIncident', undefined, { title: 'Slow disks' })
      told.id = incident.id
      await does('alice', 'claimCommand')
      const task = { title: 'Copy the data', assignee: { person: 'bob' }, timeboxMinutes: 10 }
      told.taskId = (await does('alice', 'assignTask', task)).events[0].data.taskId
      const { taskId } = told
      push(5)
      await does('bob', 'requestExtension', { taskId, minutes: 60, reason: 'The disk is slow' })
      push(1)
      await does('alice', 'refuseExtension', { taskId, reason: 'Copy the last day only' })
      push(3)
      await does('bob', 'requestExtension', { taskId, minutes: 15, reason: 'Half is copied' })
    },
    async getsMoreTime() {
      const { taskId } = told
      await does('alice', 'grantExtension', { taskId })
    },
  }
}

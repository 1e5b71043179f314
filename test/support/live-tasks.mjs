/** How tasks get more time, what is followed step by step, and what is left to do: told in chapters. */
export function liveTasks({ act, organise, push }) {
  const told = { id: '', taskId: '', checklistId: '', planId: '', followUps: [], pastId: '' }
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
    /** 9 to 12 minutes: a runbook and a plan are followed, and not to the letter. */
    async followsRunbook() {
      const steps = [
        { key: 'stop', title: 'Stop writing', instructions: 'Set the flag', needsApproval: true },
        { key: 'switch', title: 'Switch over' },
        { key: 'tell', title: 'Tell everybody' },
      ]
      const named = { key: 'replace-disk', name: 'Replace a disk', inOrder: true, steps }
      await organise('defineRunbook', named)
      await organise('definePlan', { key: 'no-disk', name: 'No disk is left', steps })
      const attached = await does('alice', 'attachRunbook', { key: 'replace-disk', version: 1 })
      const checklistId = (told.checklistId = attached.events[0].data.checklistId)
      const { events } = await does('alice', 'adoptPlan', { key: 'no-disk' })
      told.planId = events[0].data.checklistId
      const stop = { checklistId, step: 'stop' }
      await does('alice', 'requestApproval', { ...stop, of: 'carol' })
      await does('carol', 'refuseStep', { ...stop, reason: 'Not before noon' })
      push(1)
      await does('alice', 'requestApproval', { ...stop, of: 'carol' })
    },
    async goesOn() {
      const { checklistId } = told
      push(1)
      await does('carol', 'approveStep', { checklistId, step: 'stop' })
      await does('alice', 'checkStep', { checklistId, step: 'stop', outcome: 'DONE' })
      const instead = { outcome: 'DEVIATED', reason: 'The other disk was nearer' }
      await does('bob', 'checkStep', { checklistId, step: 'switch', ...instead })
      push(1)
    },
    /** 12 to 14 minutes: over, and what is left to do is done, or not. */
    async ends() {
      for (const text of ['Alert on slow disks', 'Buy better disks']) {
        const { events } = await does('bob', 'flagFollowUp', { text })
        told.followUps.push(events[0].data.followUpId)
      }
      await does('alice', 'resolveIncident', { summary: 'The data is on another disk' })
      await does('carol', 'closeIncident', { reason: 'Nobody noticed' })
    },
    async learns() {
      const [alert, disks] = told.followUps
      push(1)
      const shown = { evidence: 'It fired in a drill', url: 'https://example.org/drill' }
      await does('bob', 'applyLearning', { followUpId: alert, ...shown })
      push(1)
      await does('alice', 'dropFollowUp', { followUpId: disks, reason: 'No money' })
    },
    /** An incident of the day before is written up, as far as anybody remembers. */
    async tellsHistory() {
      const yesterday = { occurredAt: '2025-12-31T10:00:00.000Z' }
      const past = { title: 'Slow disks, the first time', mode: 'RETROSPECTIVE' }
      const { incident } = await act('alice', 'declareIncident', undefined, past, yesterday)
      told.pastId = incident.id
      const tells = (...said) => act('alice', said[0], told.pastId, ...said.slice(1))
      const done = { title: 'Disks ordered', status: 'COMPLETED' }
      const about = { occurredAt: '2025-12-31T09:00:00.000Z', timing: 'APPROXIMATE' }
      await tells('recordTask', done, about)
      const begun = { title: 'Data copied by hand', status: 'IN_PROGRESS', assignee: 'bob' }
      const { events } = await tells('recordTask', begun, yesterday)
      const { taskId } = events[0].data
      const later = { occurredAt: '2025-12-31T11:30:00.000Z' }
      await tells('completeTask', { taskId, finding: 'It took long' }, later)
      await tells('recordTask', { ...begun, title: 'Logs kept' }, later)
    },
  }
}

/** One incident from its declaration to its end, told in chapters; tests read between them. */

/** The document of a mutation of an incident; without an id it declares one. */
export function documentOf(mutation, { id, input }) {
  const type = mutation[0].toUpperCase() + mutation.slice(1)
  const variables = [
    id !== undefined && '$id: ID!',
    input !== undefined && `$input: ${type}Input!`,
    '$options: CommandOptions',
  ]
  const given = [
    id !== undefined && 'incidentId: $id',
    input !== undefined && 'input: $input',
    'options: $options',
  ]
  return `mutation ${type}(${variables.filter(Boolean).join(', ')}) {
    ${mutation}(${given.filter(Boolean).join(', ')}) {
      revision position viewsCaughtUp
      events { id type revision occurredAt actor { type id via } data }
      incident { id reference revision } } }`
}

/** What shows whether a task’s time was up. */
export const expiredQuery =
  'query ($id: ID!) { incident(id: $id) { tasks(first: 100) { nodes { id timeboxExpiredAt } } } }'

/**
 * `act` sends a command and answers its receipt; `push` lets minutes go by; `ask` answers the data of a
 * query.
 */
export function liveIncident({ act, push, person, ask }) {
  const told = { id: '', tasks: {}, entries: {} }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)
  const assigned = async (name, who, input) => {
    const { events } = await does(who, 'assignTask', input)
    told.tasks[name] = events[0].data.taskId
  }
  const noted = async (name, who, input, options) => {
    const { events } = await does(who, 'recordObservation', input, options)
    told.entries[name] = events[0].id
  }

  /** The ledger does this by itself, a moment after it is due. */
  const expires = async name => {
    for (;;) {
      const { incident } = await ask(expiredQuery, { id: told.id })
      const task = incident.tasks.nodes.find(({ id }) => id === told.tasks[name])
      if (task.timeboxExpiredAt !== null) return
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  return {
    told,
    /** 12:00 to 12:03: a robot reports it, three people come. */
    async begins() {
      const input = {
        title: 'Checkout fails',
        triage: true,
        effect: 'OUTAGE',
        services: ['checkout-api'],
      }
      const { incident } = await act('robot', 'declareIncident', undefined, input, {
        commandId: 'alert-1',
      })
      told.id = incident.id
      push(1)
      await does('alice', 'joinIncident')
      await does('alice', 'activateIncident')
      await does('alice', 'claimCommand')
      await does('alice', 'addLink', {
        kind: 'WAR_ROOM',
        url: 'https://meet.example.org/checkout',
        label: 'Room 1',
      })
      push(1)
      await does('alice', 'setSeverity', { level: 'SEV2', reason: 'One region only' })
      await does('alice', 'assignRole', {
        role: 'SUBJECT_MATTER_EXPERT',
        person: 'bob',
        service: 'checkout-api',
      })
      await does('carol', 'joinIncident')
      await does('carol', 'assignRole', { role: 'SCRIBE', person: 'carol' })
      push(1)
      await does('carol', 'changeTitle', { title: 'Checkout fails in Europe' })
      await does('carol', 'setServices', { services: ['payments', 'checkout-api'] })
    },
    /** 12:03: three tasks, due at 12:13, 12:18 and 12:08. */
    async givesTasks() {
      await assigned('errors', 'alice', {
        title: 'Look at the error rate',
        assignee: { person: 'bob' },
        timeboxMinutes: 10,
      })
      await assigned('customers', 'alice', {
        title: 'Write to customers',
        assignee: { role: 'SCRIBE' },
        timeboxMinutes: 15,
      })
      await assigned('cache', 'alice', {
        title: 'Restart the cache',
        assignee: { person: await person('bob') },
        timeboxMinutes: 5,
      })
    },
    /** 12:03 to 12:09: the time of one is up. */
    async lateTask() {
      push(6)
      await expires('cache')
    },
    /** 12:09 to 12:11: what becomes of them. */
    async worksOnTasks() {
      const { errors, customers, cache } = told.tasks
      await does('bob', 'acknowledgeTask', { taskId: errors })
      await does('bob', 'extendTask', { taskId: cache, minutes: 10, reason: 'It is slow' })
      await does('alice', 'reassignTask', {
        taskId: cache,
        assignee: { person: 'carol' },
        reason: 'Bob is busy',
      })
      push(2)
      await does('bob', 'reportTask', { taskId: errors, finding: '40 % of requests' })
      await does('bob', 'completeTask', { taskId: errors, finding: 'A bad deploy' })
      await does('carol', 'acknowledgeTask', { taskId: customers })
      await does('carol', 'abandonTask', { taskId: cache, reason: 'Not the cache' })
    },
    /** 12:11 to 12:13: what people saw, put right and took back. */
    async notes() {
      await noted(
        'graph',
        'carol',
        {
          text: 'Errors began',
          evidence: [{ url: 'https://graphs.example.org/errors', label: 'Errors' }],
        },
        { occurredAt: '2026-01-01T11:50:00.000Z', timing: 'APPROXIMATE' },
      )
      await noted('wrong', 'bob', { text: 'The database is down' })
      push(2)
      await does('carol', 'correctEntry', {
        eventId: told.entries.graph,
        text: 'Errors began in Europe',
        occurredAt: '2026-01-01T11:55:00.000Z',
        reason: 'Read off the graph',
      })
      await does('bob', 'retractEntry', { eventId: told.entries.wrong, reason: 'It is up' })
    },
    /** 12:13: the second offer is open, its brief is pinned, and something happens since. */
    async offers() {
      await does('alice', 'offerHandoff', { to: 'bob' })
      await does('bob', 'declineHandoff', { reason: 'I am fixing it' })
      await does('alice', 'offerHandoff', { to: 'carol', note: 'My shift ends' })
      await noted('since', 'bob', { text: 'Rolling back' })
    },
    /** 12:14 to 12:18: command goes from hand to hand, and a task is forgotten. */
    async handsOver() {
      push(1)
      await does('alice', 'withdrawHandoff')
      await does('alice', 'offerHandoff', { to: 'bob', note: 'Please' })
      push(1)
      await does('bob', 'acceptHandoff')
      push(1)
      await does('carol', 'takeCommand', { reason: 'Bob types' })
      await does('carol', 'releaseRole', { role: 'INCIDENT_COMMANDER', reason: 'Back to writing' })
      push(1)
      await does('bob', 'assignRole', { role: 'INCIDENT_COMMANDER', person: 'alice' })
      await does('bob', 'leaveIncident')
      push(1)
      await expires('customers')
    },
    /** 12:18 to 12:58: over, not over, over. */
    async ends() {
      await does('alice', 'mitigateIncident', { summary: 'Rolled back' })
      push(10)
      await does('carol', 'reopenIncident', { reason: 'Errors are back' })
      await does('carol', 'setSeverity', { level: 'SEV1' })
      push(10)
      await does('alice', 'resolveIncident', { summary: 'The old version is everywhere' })
      await does('carol', 'completeTask', { taskId: told.tasks.customers })
      push(20)
      await does('carol', 'closeIncident', { reason: 'Reviewed' })
    },
    /** 12:58: for some time it is not everybody's to see. */
    async isRestricted() {
      await does('alice', 'setVisibility', {
        visibility: 'RESTRICTED',
        reason: 'Names of customers',
      })
      await does('alice', 'grantMembership', { person: 'bob' })
      await does('alice', 'revokeMembership', { person: 'bob', reason: 'Not needed' })
      await does('alice', 'setVisibility', { visibility: 'INTERNAL', reason: 'The names are gone' })
    },
    /** 12:58: four more turn out to belong together. */
    async connects() {
      const declared = async title =>
        (await act('carol', 'declareIncident', undefined, { title })).incident.id
      const [network, checkout, again, report] = [
        await declared('The network is split'),
        await declared('Checkout is split'),
        await declared('Checkout fails once more'),
        await declared('A report'),
      ]
      told.connected = { network, checkout, again, report }
      await act('carol', 'setParent', checkout, { parent: network })
      await act('carol', 'markDuplicate', again, { of: network, reason: 'By mistake' })
      await act('carol', 'unmergeIncident', again, { reason: 'Of the other' })
      await act('carol', 'mergeIncident', again, { into: checkout })
      await act('carol', 'relateIncident', report, { to: network, kind: 'CAUSED_BY' })
      await act('carol', 'relateIncident', report, { to: checkout, kind: 'RELATED' })
      await act('carol', 'unrelateIncident', report, { to: checkout, kind: 'RELATED' })
      await act('carol', 'setParent', report, { parent: network })
      await act('carol', 'removeParent', report, { reason: 'Only caused by it' })
    },
  }
}

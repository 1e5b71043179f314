import type { Ledger } from './ledger.js'

type Push = (minutes: number) => void
type Say = (line: string) => void

/** Half an hour of two people and a slow checkout; answers the incident's id. */
export async function play(ledger: Ledger, push: Push, say: Say): Promise<string> {
  const ada = await enrolled(ledger, 'ada', 'Ada Okafor')
  const jun = await enrolled(ledger, 'jun', 'Jun Meyer')
  const { declareIncident } = await ledger.ask<{ declareIncident: Receipt }>(
    `mutation ($input: DeclareIncidentInput!) { declareIncident(input: $input) { ${receipt} } }`,
    {
      input: {
        title: 'Checkout answers slowly',
        effect: 'DEGRADATION',
        services: ['checkout-api', 'orders-db'],
      },
    },
    ada,
  )
  const { id } = declareIncident.incident
  say(`Ada declares ${declareIncident.incident.reference}; nobody can tell yet how bad it is.`)
  const act: Act = async (secret, command, input) => {
    const { events } = await done(ledger, secret, id, command, input)
    return events
  }
  await begin(act, ada, jun, push, say)
  await work(act, ada, jun, push, say)
  await handOver(act, ada, jun, push, say)
  await end(act, jun, push, say)
  return id
}

type Act = (secret: string, command: string, input?: object) => Promise<Receipt['events']>

async function begin(act: Act, ada: string, jun: string, push: Push, say: Say): Promise<void> {
  push(1)
  await act(ada, 'claimCommand')
  await act(ada, 'joinIncident')
  push(2)
  await act(jun, 'joinIncident')
  await act(ada, 'setSeverity', { level: 'SEV2', reason: 'One order in five takes over 30 s.' })
  const url = 'https://meet.example.org/checkout'
  await act(ada, 'addLink', { kind: 'WAR_ROOM', url, label: 'Checkout bridge' })
  say('Ada takes command, Jun joins, and they agree on SEV2.')
}

async function work(act: Act, ada: string, jun: string, push: Push, say: Say): Promise<void> {
  push(2)
  const task = {
    title: 'Find what holds the locks',
    assignee: { person: 'jun' },
    timeboxMinutes: 10,
  }
  const taskId = await assigned(act, ada, task)
  push(1)
  await act(jun, 'acknowledgeTask', { taskId })
  push(6)
  const evidence = [{ url: 'https://graphs.example.org/d/orders-locks', label: 'Lock waits' }]
  const wrong = 'Lock waits rise since 20:50, with the nightly export.'
  const [said] = await act(jun, 'recordObservation', { text: wrong, evidence })
  push(2)
  const right = {
    text: 'Lock waits rise since 20:58, with the nightly export.',
    reason: 'Misread the axis.',
  }
  await act(jun, 'correctEntry', { eventId: said!.id, ...right })
  await act(jun, 'completeTask', { taskId, finding: 'The nightly export holds them.' })
  say('Jun finds the nightly export holding locks, and corrects his own note on when it began.')
}

async function handOver(act: Act, ada: string, jun: string, push: Push, say: Say): Promise<void> {
  push(3)
  await act(ada, 'offerHandoff', {
    to: 'jun',
    note: 'My train leaves; the export is the only lead.',
  })
  push(1)
  await act(jun, 'acceptHandoff')
  await act(jun, 'assignRole', { role: 'SCRIBE', person: 'ada' })
  say('Ada offers command; until Jun accepts, she keeps it. Jun accepts.')
}

async function end(act: Act, jun: string, push: Push, say: Say): Promise<void> {
  push(4)
  const task = {
    title: 'Stop the export',
    assignee: { role: 'INCIDENT_COMMANDER' },
    timeboxMinutes: 5,
  }
  const taskId = await assigned(act, jun, task)
  await act(jun, 'acknowledgeTask', { taskId })
  push(3)
  await act(jun, 'completeTask', { taskId })
  await act(jun, 'mitigateIncident', { summary: 'The export is stopped; lock waits fall.' })
  push(9)
  await act(jun, 'resolveIncident', {
    summary: 'Checkout has answered within 400 ms for 9 minutes.',
  })
  say('The export is stopped, the impact ends, and Jun resolves the incident.')
}

async function assigned(act: Act, secret: string, input: object): Promise<string> {
  const [event] = await act(secret, 'assignTask', input)
  return (event!.data as { taskId: string }).taskId
}

interface Receipt {
  readonly incident: { readonly id: string; readonly reference: string }
  readonly events: readonly { readonly id: string; readonly data: object }[]
}
const receipt = 'incident { id reference } events { id data }'

async function done(
  ledger: Ledger,
  secret: string,
  id: string,
  command: string,
  input?: object,
): Promise<Receipt> {
  const type = `${command[0]!.toUpperCase()}${command.slice(1)}Input`
  const [head, args] = input ? [`, $input: ${type}!`, ', input: $input'] : ['', '']
  const answer = await ledger.ask<Record<string, Receipt>>(
    `mutation ($id: ID!${head}) { ${command}(incidentId: $id${args}) { ${receipt} } }`,
    { id, input },
    secret,
  )
  return answer[command]!
}

/** Somebody new, with a key of their own. */
async function enrolled(ledger: Ledger, handle: string, name: string): Promise<string> {
  await ledger.ask(
    `mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { revision } }`,
    { input: { handle, name } },
  )
  const { createApiKey } = await ledger.ask<{ createApiKey: { secret: string } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`,
    { input: { label: name, scopes: ['INCIDENTS_READ', 'INCIDENTS_WRITE'], owner: handle } },
  )
  return createApiKey.secret
}

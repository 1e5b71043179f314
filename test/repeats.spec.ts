import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { dataOf, newFolder } from './support/app.js'
import { type Server, startServer } from './support/server.js'

const commandsMax = 100
const repeats = 10
/** Answers, of a thousand. */
const killedAfter = 200

/** On a busy machine a thousand at once take longer than one operation may. */
const unhurried = { LEDGER_LIMIT_OPERATION_MS: '60000' }

const folder = newFolder()
let server: Server
let incident: string
beforeAll(async () => {
  server = await startServer(folder, unhurried)
  const declare = 'mutation { declareIncident(input: { title: "x" }) { incident { id } } }'
  incident = dataOf(await server.ask(server.key, declare)).declareIncident.incident.id
})
afterAll(async () => void (await server.end('SIGKILL')))

/** A command with a name of its own; all of one mutation ask for different things. */
interface Command {
  readonly name: string
  readonly mutation: string
  readonly input: object
}
const documents: Record<string, string> = {
  declareIncident: `mutation ($input: DeclareIncidentInput!, $options: CommandOptions) {
    declareIncident(input: $input, options: $options) {
      incident { id reference } revision position events { id type revision } } }`,
  recordObservation: `mutation ($id: ID!, $input: RecordObservationInput!, $options: CommandOptions) {
    recordObservation(incidentId: $id, input: $input, options: $options) {
      revision position events { id type revision } } }`,
  assignTask: `mutation ($id: ID!, $input: AssignTaskInput!, $options: CommandOptions) {
    assignTask(incidentId: $id, input: $input, options: $options) {
      revision position events { id type revision } } }`,
  registerPerson: `mutation ($input: RegisterPersonInput!, $options: CommandOptions) {
    registerPerson(input: $input, options: $options) {
      person { id } revision position events { id type revision } } }`,
  createApiKey: `mutation ($input: CreateApiKeyInput!, $options: CommandOptions) {
    createApiKey(input: $input, options: $options) {
      secret key { id } revision position events { id type revision } } }`,
}
const mutations = Object.keys(documents)

function command(prefix: string, n: number): Command {
  const name = `${prefix}-${n}`
  const inputs: Record<string, object> = {
    declareIncident: { title: name },
    recordObservation: { text: name },
    assignTask: { title: name, assignee: { person: 'admin' }, timeboxMinutes: 60 },
    registerPerson: { handle: name, name },
    createApiKey: { label: name, scopes: ['INCIDENTS_READ'] },
  }
  const mutation = mutations[n % mutations.length]!
  return { name, mutation, input: inputs[mutation]! }
}
const commandsOf = (prefix: string) =>
  Array.from({ length: commandsMax }, (_, n) => command(prefix, n))

interface Told {
  readonly name: string
  readonly answer: any
  readonly secret: string | null
}

/** Calls after each answer. */
let answered = () => {}

/**
 * What a command is answered; undefined if the server was gone. A refusal fails the test; what was not
 * answered by a server that runs, since a thousand came at once, is sent again.
 */
async function send(command: Command): Promise<Told | undefined> {
  const { name, mutation, input } = command
  const variables = { id: incident, input, options: { commandId: name } }
  const { ask, key, process } = server
  const reply = await ask(key, documents[mutation]!, variables).catch(() => undefined)
  if (!reply) {
    await new Promise(resolve => setTimeout(resolve, 100))
    return process.signalCode === null ? send(command) : undefined
  }
  answered()
  const { secret = null, ...answer } = dataOf(reply)[mutation]
  return { name, answer, secret }
}

/**
 * Every command ten times, all at once and in no order, some of them not before `then`; those that were
 * answered.
 */
async function allAtOnce(commands: readonly Command[], then?: Promise<void>): Promise<Told[]> {
  const sent = Array.from({ length: repeats }, () => commands)
    .flat()
    .map(command => ({ command, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
  const answers = await Promise.all(
    sent.map(async ({ command }, n) => {
      if (n % repeats === 0) await then
      return send(command)
    }),
  )
  return answers.filter(answer => answer !== undefined)
}

/** One answer for each name, however often it was given; and the secrets that were told. */
function agreed(answers: readonly Told[]) {
  const byName = new Map<string, any>()
  const secrets = new Map<string, string[]>()
  for (const { name, answer, secret } of answers) {
    expect(answer).toEqual(byName.get(name) ?? answer)
    byName.set(name, answer)
    if (secret !== null) secrets.set(name, [...(secrets.get(name) ?? []), secret])
  }
  return { byName, secrets }
}

/** What is on record under the names of commands that begin so. */
async function recorded(prefix: string): Promise<Map<string, string[]>> {
  const byName = new Map<string, string[]>()
  const query = `query ($after: Cursor) { events(first: 100, after: $after, filter: { includeOrganisation: true }) {
    nodes { id commandId } pageInfo { endCursor hasNextPage } } }`
  for (let after: string | null = null; ;) {
    const { events } = dataOf(await server.ask(server.key, query, { after }))
    for (const { id, commandId } of events.nodes)
      if (commandId?.startsWith(`${prefix}-`))
        byName.set(commandId, [...(byName.get(commandId) ?? []), id])
    if (!events.pageInfo.hasNextPage) return byName
    after = events.pageInfo.endCursor
  }
}

async function expectOneEffectEach(prefix: string, answers: ReadonlyMap<string, any>) {
  const effects = await recorded(prefix)
  expect(effects.size).toBe(commandsMax)
  for (const [name, { events }] of answers)
    expect([name, effects.get(name)]).toEqual([name, events.map(({ id }: { id: string }) => id)])
}

const keysMade = commandsMax / mutations.length
const first = commandsOf('first')
let before: Map<string, any>

test('a hundred commands sent ten times each at once have a hundred effects, and are answered alike', async () => {
  const answers = await allAtOnce(first)
  expect(answers).toHaveLength(commandsMax * repeats)
  const { byName, secrets } = agreed(answers)
  await expectOneEffectEach('first', byName)
  // A secret is told to one of them.
  expect([...secrets.values()].map(told => told.length)).toEqual(Array(keysMade).fill(1))
  for (const [secret] of secrets.values())
    expect((await server.ask(secret!, '{ viewer { scopes } }')).status).toBe(200)
  before = byName
})

const second = commandsOf('second')
let told: Told[]

test('what was told of others before a SIGKILL in the middle of them is alike', async () => {
  let count = 0
  // A server may be done with all before the answers are read here: not with those that come after it.
  const killed = new Promise<void>(resolve => {
    answered = () => void (++count === killedAfter && resolve(void server.process.kill('SIGKILL')))
  })
  told = await allAtOnce(second, killed)
  answered = () => {}
  expect(told.length).toBeLessThan(commandsMax * repeats)
  agreed(told)
  server = await startServer(folder, unhurried)
})

test('after it the first are answered alike again, without the secrets, and nothing is done', async () => {
  const answers = await allAtOnce(first)
  expect(answers).toHaveLength(commandsMax * repeats)
  const { byName, secrets } = agreed(answers)
  expect(byName).toEqual(before)
  expect(secrets.size).toBe(0)
  await expectOneEffectEach('first', byName)
})

test('and those in the middle of which it came have one effect each, and are answered as before it', async () => {
  const acknowledged = agreed(told)
  const again = await allAtOnce(second)
  expect(again).toHaveLength(commandsMax * repeats)
  const { byName, secrets } = agreed(again)
  for (const [name, answer] of acknowledged.byName) expect(byName.get(name)).toEqual(answer)
  await expectOneEffectEach('second', byName)
  for (const { name } of second.filter(({ mutation }) => mutation === 'createApiKey')) {
    const known = [acknowledged.secrets.get(name) ?? [], secrets.get(name) ?? []].flat()
    // It may have been in an answer that the server did not get to send.
    expect(known.length).toBeLessThanOrEqual(1)
  }
})

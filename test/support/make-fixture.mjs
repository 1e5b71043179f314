/**
 * Makes test/fixtures/v1, the data folder that every later version must open, verify and replay:
 *
 *   npx nest build && node test/support/make-fixture.mjs
 *
 * Only before the first release: what is kept there is a promise from then on, and a new kind of
 * event gets a folder of its own (`node test/support/make-fixture.mjs v2`).
 */
import 'reflect-metadata'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LocalSecret } from '../../dist/auth/principal.js'
import { Clock } from '../../dist/clock.js'
import { configFrom } from '../../dist/config.js'
import { EventStore } from '../../dist/event-store/event-store.js'
import { createApp } from '../../dist/serve.js'
import { documentOf, liveIncident } from './live-incident.mjs'
import { liveCycle } from './live-cycle.mjs'
import { liveDetails, organisingDocumentOf } from './live-details.mjs'
import { liveMobilising } from './live-mobilising.mjs'
import { livePreparation } from './live-preparation.mjs'
import { liveResponse } from './live-response.mjs'
import { liveRules } from './live-rules.mjs'
import { liveCommand } from './live-command.mjs'
import { liveTasks } from './live-tasks.mjs'

const at = path => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const kept = at(`test/fixtures/${process.argv[2] ?? 'v1'}`)
const files = ['github-2018-10-21-mysql-failover.json', 'gitlab-2017-01-31-database.json']
const write = ['INCIDENTS_READ', 'INCIDENTS_WRITE']

/** A clock that stands still until it is pushed. */
class PushedClock extends Clock {
  ms = Date.parse('2026-01-01T12:00:00.000Z')
  now = () => new Date(this.ms).toISOString()
}

const data = mkdtempSync(join(tmpdir(), 'ledger-fixture-'))
const clock = new PushedClock()
const local = new LocalSecret()
const config = { ...configFrom({ LEDGER_DATA: data, LEDGER_LOG: 'error' }), port: 0 }
const app = await createApp(config, { clock, localSecret: local })
await app.listen(0, '127.0.0.1')
const url = await app.getUrl()
const secrets = { local: local.value }

async function post(path, who, body) {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${secrets[who]}`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const told = await answer.json()
  if (told.errors) throw new Error(JSON.stringify(told.errors))
  return told
}
const ask = async (who, query, variables = {}) =>
  (await post('/graphql', who, { query, variables })).data

for (const handle of ['alice', 'bob', 'carol', 'robot']) {
  const name = handle[0].toUpperCase() + handle.slice(1)
  const person = {
    handle,
    name,
    timeZone: 'Europe/Zurich',
    identities: [{ provider: 'slack', subject: `U-${handle}` }],
  }
  const key = { label: handle, scopes: write, ...(handle !== 'robot' && { owner: handle }) }
  if (handle !== 'robot')
    await ask(
      'local',
      'mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { revision } }',
      { input: person },
    )
  const { createApiKey } = await ask(
    'local',
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input: key },
  )
  secrets[handle] = createApiKey.secret
}

const act = async (who, mutation, id, input, options) =>
  (await ask(who, documentOf(mutation, { id, input }), { id, input, options }))[mutation]
const push = minutes => (clock.ms += minutes * 60_000)
const story = liveIncident({
  act,
  push,
  person: async handle =>
    (await ask('local', `{ people(search: "${handle}") { nodes { id } } }`)).people.nodes[0].id,
  ask: (query, variables) => ask('local', query, variables),
})
const { told, ...chapters } = story
for (const chapter of Object.values(chapters)) await chapter()
const { told: response, ...further } = liveResponse({ act, push })
for (const chapter of Object.values(further)) await chapter()
const { told: _command, ...ofCommand } = liveCommand({ act, push })
for (const chapter of Object.values(ofCommand)) await chapter()
// What a later version asks of the folder, it asks as the command line, which would be noted of a restricted one.
const open = { visibility: 'INTERNAL', reason: 'The review is everybody’s' }
await act('bob', 'setVisibility', response.id, open)
const { told: _cycle, ...cycle } = liveCycle({ act, push })
for (const chapter of Object.values(cycle)) await chapter()
const organise = async (mutation, input) =>
  (await ask('local', organisingDocumentOf(mutation), { input }))[mutation]
// Before anything is required of an incident that is closed.
const { told: _tasks, ...ofTasks } = liveTasks({ act, organise, push })
for (const chapter of Object.values(ofTasks)) await chapter()
const { told: __, ...details } = liveDetails({ act, organise })
for (const chapter of Object.values(details)) await chapter()
const { told: ___, ...rules } = liveRules({ act, organise, push })
for (const chapter of Object.values(rules)) await chapter()
for (const chapter of Object.values(liveMobilising({ act, organise, push })))
  if (chapter instanceof Function) await chapter()
const preparation = livePreparation({ organise, now: clock.now })
for (const chapter of Object.values(preparation)) await chapter()

/** What the story does not do: an offer of command that is void, ends that are none, a person and a key that change. */
const declare = async input =>
  (await act('alice', 'declareIncident', undefined, input, { commandId: input.title })).incident.id
const drill = await declare({ title: 'Fire drill', mode: 'DRILL', severity: 'SEV4' })
await act('alice', 'claimCommand', drill)
await act('alice', 'offerHandoff', drill, { to: 'bob' })
await act('local', 'cancelIncident', drill, { reason: 'Over' }, { overrideReason: 'Alice left' })
const report = await declare({ title: 'Is it slow?', triage: true, type: 'SECURITY' })
await act('alice', 'declineIncident', report, { reason: 'It is not' })
await act('alice', 'setVisibility', report, open)
const { people, apiKeys } = await ask(
  'local',
  '{ people(search: "carol") { nodes { id } } apiKeys(first: 1) { nodes { id label } } }',
)
await ask(
  'local',
  'mutation ($input: UpdatePersonInput!) { updatePerson(input: $input) { revision } }',
  { input: { personId: people.nodes[0].id, name: 'Carol C.' } },
)
await ask(
  'local',
  'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { revision } }',
  { input: { keyId: apiKeys.nodes[0].id, reason: 'The robot is retired' } },
)

rmSync(kept, { recursive: true, force: true })
mkdirSync(kept, { recursive: true })
for (const file of files) {
  const facts = readFileSync(at(`examples/incidents/${file}`), 'utf8')
  await post('/admin/import', 'local', JSON.parse(facts))
  writeFileSync(join(kept, file), facts)
}

const { incidents } = await ask(
  'local',
  '{ incidents(orderBy: CHANGED_LATEST) { nodes { id reference status } } }',
)
const store = app.get(EventStore)
const streams = {}
for (const { id, reference, status } of incidents.nodes) {
  const { incident } = await ask(
    'local',
    `{ incident(id: "${id}") { revision
    postmortem { markdown sha256 incidentRevision organisationRevision rendererVersion } } }`,
  )
  const { markdown, ...report } = incident.postmortem
  writeFileSync(join(kept, `${reference}.md`), markdown)
  const last = (await store.read(`incident-${id}`, 0)).at(-1)
  streams[`incident-${id}`] = {
    reference,
    status,
    revision: last.revision,
    hash: last.hash,
    ...report,
  }
}
let events = 0
for (let after = 0n, page; (page = await store.readAll(after, 1000)).length > 0;) {
  for (const { stream, revision, hash } of page)
    streams[stream] = { ...streams[stream], revision, hash }
  events += page.length
  after = page.at(-1).position
}
await app.close()
for (const file of ['log.sqlite', 'log.head']) copyFileSync(join(data, file), join(kept, file))
writeFileSync(join(kept, 'kept.json'), `${JSON.stringify({ events, streams }, null, 2)}\n`)
rmSync(data, { recursive: true })
console.log(`${kept}: ${events} events in ${Object.keys(streams).length} streams`)

/**
 * S5 by hand: how soon a stream is cut off when its credential is over, and that nothing is told any more of
 * an incident that is not there for who follows. On every transport, on the embedded store, and on two
 * replicas of an EventStoreDB, where it is ended through one and followed on the other.
 *
 *   npm run build && node test/endurance/cut-off.mjs [rounds]
 *
 * 20 rounds of each unless told otherwise. Prints milliseconds from the answer to what ended it (of what
 * expires: from its end) to the end of the stream. Ends with `N passed, N failed`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { eventStoreDB } from '../../bench/support/eventstoredb-server.mjs'
import { Tally, scratch, start } from './support/server.mjs'
import { follow, names } from './support/subscribers.mjs'

const rounds = Number(process.argv[2] ?? 20)
/** What is promised. */
const cutMsMax = 1000
const tally = new Tally()
const issuer = await startIssuer()
const scopes = ['INCIDENTS_READ', 'EVENTS_SUBSCRIBE']
const env = {
  LEDGER_RATE_PER_MINUTE: '0',
  // All of it runs on one machine.
  LEDGER_SHED_LOOP_MS: '0',
  LEDGER_SHED_WRITE_MS: '0',
  LEDGER_JWKS_URL: `${issuer.url}/jwks`,
  LEDGER_JWT_ISSUER: issuer.url,
  LEDGER_JWT_AUDIENCE: 'incident-ledger',
}

const embedded = await started(join(scratch('cut-off'), 'data'), env)
await measured('embedded', embedded, embedded)
await embedded.end('SIGTERM')

const store = await eventStoreDB()
process.once('exit', () => void store.end())
const shared = { ...env, LEDGER_STORE: store.url, LEDGER_STREAM_PREFIX: `cut-${process.pid}.` }
const one = await started(join(scratch('cut-off'), 'data'), shared)
const other = await started(withKey(join(scratch('cut-off'), 'data'), one), shared)
await measured(store.name, one, other)
await Promise.all([one, other].map(server => server.end('SIGTERM')))
await store.end()
issuer.end()
tally.close()

/** Of a script that fails, too, nothing is left. */
async function started(data, env) {
  const server = await start(data, [], env)
  process.once('exit', () => void server.end('SIGKILL'))
  return server
}

/** Ends it through one server, and follows on another, which may be the same. */
async function measured(name, through, on) {
  const endings = {
    revoked,
    expired,
    'token expired': tokenExpired,
    restricted,
    'member no more': left,
  }
  const { registerPerson } = await told(
    through,
    `mutation { registerPerson(input: { handle: "bob", name: "Bob" }) { person { id } } }`,
  )
  const bob = registerPerson.person.id
  await told(
    through,
    `mutation ($input: UpdatePersonInput!) { updatePerson(input: $input) { revision } }`,
    {
      input: { personId: bob, identities: [{ provider: issuer.url, subject: 'bob' }] },
    },
  )
  for (const [what, end] of Object.entries(endings)) {
    const rows = await Promise.all(names.map(transport => repeated(end, through, on, transport)))
    for (const [i, took] of rows.entries()) {
      const label = `${name}, ${what}, ${names[i]}`
      const [p50 = 0, max = 0] = [took[took.length >> 1], took.at(-1)].map(
        ms => ms && Math.round(ms),
      )
      console.log(`${label}: p50 ${p50} ms, max ${max} ms`)
      tally.check(max <= cutMsMax, `${label}: it took ${max} ms`)
    }
  }
}

/** What each round took, the shortest first; nothing of one in which nothing was told too late. */
async function repeated(end, through, on, transport) {
  const took = []
  for (let round = 0; round < rounds; round++) took.push(...(await end(through, on, transport)))
  return took.sort((a, b) => a - b)
}

async function revoked(through, on, transport) {
  const { secret, id } = await newKey(through, {})
  return cut(on, transport, secret, async () => {
    await told(through, `mutation { revokeApiKey(input: { keyId: "${id}" }) { revision } }`)
    return performance.now()
  })
}

async function expired(through, on, transport) {
  const expiresAt = new Date(Date.now() + 1500)
  const { secret } = await newKey(through, { expiresAt: expiresAt.toISOString() })
  return cut(on, transport, secret, () => at(expiresAt.getTime()))
}

async function tokenExpired(_, on, transport) {
  const exp = Math.ceil(Date.now() / 1000) + 1
  return cut(on, transport, await issuer.token(exp), () => at(exp * 1000))
}

/** How long after what ends it the stream ended, and that it was told why. */
async function cut(on, transport, secret, end) {
  const stream = await followed(on, transport, secret)
  const endedAt = await end()
  const why = await stream.over
  tally.check(/UNAUTHENTICATED/.test(why), `${transport} was told ${why}`)
  return [Math.max(0, performance.now() - endedAt)]
}

function restricted(through, on, transport) {
  const input = '{ visibility: RESTRICTED, reason: "x" }'
  return silent(through, on, transport, 'INTERNAL', ['setVisibility', input])
}

function left(through, on, transport) {
  return silent(through, on, transport, 'RESTRICTED', ['revokeMembership', '{ person: "bob" }'])
}

/** When, after the answer to what hid it, the last event of the incident was told; undefined if none was. */
async function silent(through, on, transport, visibility, [hiding, input]) {
  const declare = `mutation { declareIncident(input: { title: "x", visibility: ${visibility} }) { incident { id } } }`
  const { id } = (await told(through, declare)).declareIncident.incident
  const open = (await told(through, declare.replace('RESTRICTED', 'INTERNAL'))).declareIncident
    .incident.id
  const { secret } = await newKey(through, { owner: 'bob' })
  const act = (mutation, args) =>
    told(through, `mutation { ${mutation}(${args}) { events { id } } }`)
  const note = of => act('recordObservation', `incidentId: "${of}", input: { text: "x" }`)
  if (visibility === 'RESTRICTED')
    await act('grantMembership', `incidentId: "${id}", input: { person: "bob" }`)
  const stream = await followed(on, transport, secret)
  const first = (await note(id)).recordObservation.events[0].id
  while (!stream.told.has(first)) await pause(5)
  await act(hiding, `incidentId: "${id}", input: ${input}`)
  const hiddenAt = performance.now()
  const unseen = []
  for (let n = 0; n < 3; n++) unseen.push((await note(id)).recordObservation.events[0].id)
  const last = (await note(open)).recordObservation.events[0].id
  while (!stream.told.has(last)) await pause(5)
  const seen = unseen.filter(id => stream.told.has(id)).map(id => stream.told.get(id) - hiddenAt)
  tally.check(seen.length === 0, `${transport} was told ${seen.length} events of what was hidden`)
  stream.end()
  return seen.slice(-1)
}

/** A stream that has begun: what it was told and when, and with what it ended. */
async function followed(on, transport, secret) {
  const told = new Map()
  let cursor
  let isOver = false
  const server = { url: on.url, headers: { authorization: `Bearer ${secret}` } }
  const take = (place, id) => {
    cursor = place
    if (id) told.set(id, performance.now())
  }
  const over = (async () => {
    while (!isOver)
      try {
        await follow(transport, server, cursor, take)
      } catch (error) {
        const said = error?.reason ?? error?.message ?? JSON.stringify(error)
        // Another replica may not know the key yet.
        if (cursor !== undefined) return said
        await pause(20)
      }
  })()
  while (cursor === undefined) await pause(5)
  // So that what waits does wait.
  await pause(50)
  return { told, over, end: () => (isOver = true) }
}

async function newKey(on, more) {
  const { createApiKey } = await told(
    on,
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret key { id } } }',
    { input: { label: 'short', scopes, ...more } },
  )
  return { secret: createApiKey.secret, id: createApiKey.key.id }
}

async function told(on, query, variables) {
  const { data, errors } = await on.ask(query, variables)
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

/** Waits until then, by the clock; when that was by the other clock. */
async function at(ms) {
  const since = performance.now() + ms - Date.now()
  await pause(Math.max(0, ms - Date.now()))
  return since
}

/** The second to start has no key of its own. */
function withKey(folder, { headers }) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'admin.key'), headers.authorization.replace('Bearer ', ''), {
    mode: 0o600,
  })
  return folder
}

async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }]
  const server = createServer((_, answer) => answer.end(JSON.stringify({ keys })))
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`
  return {
    url,
    token: exp =>
      new SignJWT({ scope: 'incidents:read events:subscribe' })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(url)
        .setAudience('incident-ledger')
        .setSubject('bob')
        .setExpirationTime(exp)
        .sign(privateKey),
    end: () => (server.closeAllConnections(), server.close()),
  }
}

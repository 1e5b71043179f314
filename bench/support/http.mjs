import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { flags } from '../../test/support/start-flags.mjs'

/** A ledger in a process and a folder of its own; `store` is the URL of an EventStoreDB. */
export const start = (what, store = '') => serving('server.mjs', what, store)

/** A program that writes its key into the folder it is given, and its address on stdout. */
export async function serving(program, what, store) {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-bench-'))
  const script = fileURLToPath(new URL(program, import.meta.url))
  const server = spawn(process.execPath, [...flags, script, folder, what, store], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Also after a failure nobody is left behind.
  process.once('exit', () => server.kill())
  const [line] = await once(server.stdout, 'data')
  const key = readFileSync(join(folder, 'admin.key'), 'utf8').trim()
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  return { server, folder, headers, url: `${String(line).trim()}/graphql` }
}

export async function end({ server, folder }) {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
  rmSync(folder, { recursive: true, force: true })
}

async function ask({ url, headers }, query, variables = {}) {
  const body = JSON.stringify({ query, variables })
  const { data, errors } = await (await fetch(url, { method: 'POST', headers, body })).json()
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

export async function declared(ledger, count) {
  const ids = []
  while (ids.length < count) {
    const { declareIncident } = await ask(
      ledger,
      'mutation { declareIncident(input: { title: "x" }) { incident { id } } }',
    )
    ids.push(declareIncident.incident.id)
  }
  return ids
}

export const sizeOf = async (ledger, id) =>
  (await ask(ledger, `{ incident(id: "${id}") { revision } }`)).incident.revision + 1

const query = `mutation ($id: ID!, $input: RecordObservationInput!, $options: CommandOptions) {
  recordObservation(incidentId: $id, input: $input, options: $options) {
    revision position viewsCaughtUp incident { id title severity revision } events { id type } } }`
let sent = 0

export async function measure({ url, headers }, ids, duration) {
  const setupRequest = request => {
    const variables = {
      id: ids[sent++ % ids.length],
      input: { text: `observation ${sent}` },
      options: { commandId: `bench ${sent}` },
    }
    return { ...request, body: JSON.stringify({ query, variables }) }
  }
  const requests = [{ method: 'POST', headers, setupRequest }]
  // A refusal comes with 200 too, and is faster: none may count as done.
  const verifyBody = body => !String(body).includes('"errors"')
  const result = await autocannon({ url, connections: 32, duration, requests, verifyBody })
  if (result.mismatches + result.non2xx + result.errors > 0)
    throw new Error(`${result.mismatches + result.non2xx} refused, ${result.errors} failed`)
  return result
}

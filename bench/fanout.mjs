import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as rest } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { flags } from '../test/support/start-flags.mjs'

const clients = 2
const settleMs = 3000
const betweenMs = 300
const here = name => fileURLToPath(new URL(name, import.meta.url))

/**
 * S1: so many subscribers in two processes, each with a socket of its own, are told events one after
 * another; ours against a stock program of the same SDL that keeps everything in memory, and against a
 * bare one that does nothing but write the frame to each socket, in the same run. The first event, which
 * finds code that was never run, is told apart.
 */
export default async function fanout([subscribers = '10000', events = '20'] = []) {
  const rows = []
  for (const [program, script] of [
    ['bare', 'fanout/bare.mjs'],
    ['stock', 'fanout/stock.mjs'],
    ['ledger', 'support/server.mjs'],
  ])
    rows.push(await measured(program, script, Number(subscribers), Number(events)))
  console.table(rows)
  console.log(
    `${subscribers} subscribers in ${clients} processes, ${events} events; Node ${process.version}.`,
  )
}

async function measured(program, script, subscribers, events) {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-fanout-'))
  const watched = ['--expose-gc', '--import', here('fanout/stalls.mjs')]
  const args = [...flags, ...watched, here(script), folder, 'durable', '']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(server.stdout, 'data')
    const url = String(line).trim()
    const key = readFileSync(join(folder, 'admin.key'), 'utf8').trim()
    const ask = asking(url, key)
    const { declareIncident } = await ask(
      'mutation { declareIncident(input: { title: "x" }) { incident { id } } }',
    )
    const { id } = declareIncident.incident
    await rest(settleMs)
    const before = await stats(server, 'SIGHUP')
    const crowd = await gathered(url, key, subscribers)
    await rest(settleMs)
    const after = await stats(server, 'SIGHUP')
    const times = []
    const firsts = []
    const stalls = []
    for (let event = 0; event <= events; event++) {
      await stats(server)
      const arrived = Promise.all(crowd.map(client => once(client, 'message')))
      const sentMs = performance.timeOrigin + performance.now()
      await ask(
        'mutation ($id: ID!) { recordObservation(incidentId: $id, input: { text: "x" }) { revision } }',
        { id },
      )
      const all = event === 0 ? firsts : times
      for (const [{ arrivals }] of await arrived) all.push(...arrivals.map(ms => ms - sentMs))
      stalls.push((await stats(server)).stallMs)
      await rest(betweenMs)
    }
    for (const client of crowd) client.disconnect()
    const at = (share, all = times) =>
      Math.round(all.sort((a, b) => a - b)[Math.floor(share * (all.length - 1))])
    return {
      program,
      'p50 ms': at(0.5),
      'p99 ms': at(0.99),
      'max ms': at(1),
      'first p99 ms': at(0.99, firsts),
      'stall ms': Math.round(stalls.sort((a, b) => a - b)[Math.floor(stalls.length / 2)]),
      'worst stall ms': Math.round(Math.max(...stalls)),
      'KB each': ((after.rss - before.rss) / 1024 / subscribers).toFixed(1),
      'heap KB each': ((after.heapUsed - before.heapUsed) / 1024 / subscribers).toFixed(1),
    }
  } finally {
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

const asking = (url, key) => async (query, variables) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const body = JSON.stringify({ query, variables })
  const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json()
  if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  return answer.data
}

async function gathered(url, key, subscribers) {
  const address = `${url.replace('http', 'ws')}/graphql`
  const crowd = Array.from({ length: clients }, () =>
    fork(here('fanout/subscribers.mjs'), [address, key, String(subscribers / clients)]),
  )
  await Promise.all(crowd.map(client => once(client, 'message')))
  return crowd
}

async function stats(server, signal = 'SIGUSR2') {
  const told = once(server.stdout, 'data')
  server.kill(signal)
  const [line] = await told
  return JSON.parse(String(line).replace('STATS ', ''))
}

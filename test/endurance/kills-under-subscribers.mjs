/**
 * S2 by hand: the server is killed again and again under load and under subscribers of every transport,
 * and each of them is told every event, once and in order.
 *
 *   npm run build && node test/endurance/kills-under-subscribers.mjs [kills] [seed]
 *
 * 20 kills unless told otherwise. After each the subscribers begin behind the last that they were told;
 * what each was told until then must be the beginning of the log, and in the end the whole of it. The
 * seed is of when it is killed. Ends with `N passed, N failed`.
 */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chance } from './support/chance.mjs'
import { commandOf } from './support/commands.mjs'
import { Tally, run, scratch, start } from './support/server.mjs'
import { names, subscriber } from './support/subscribers.mjs'

const kills = Number(process.argv[2] ?? 20)
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32))
const writers = 4
const perTransport = 3
/** Of a machine that does other things too. */
const caughtUpMsMax = 60_000
console.log(`${kills} kills, seed ${seed}`)

const tally = new Tally()
const all = chance(seed)
const data = join(scratch('subscribers'), 'data')
const env = {
  LEDGER_PORT: String(await freePort()),
  LEDGER_RATE_PER_MINUTE: '0',
  // All of it runs on one machine.
  LEDGER_SHED_LOOP_MS: '0',
  LEDGER_SHED_WRITE_MS: '0',
}
let server = await start(data, [], env)
// Of a script that fails, too, nothing is left.
const orphaned = () => void server.end('SIGKILL')
process.once('exit', orphaned)
let isOver = false
let acknowledged = 0
const log = []
let read = null

// The address and the key stay as they are.
const { url, headers } = server
const { authorization } = headers
const subscribers = names.flatMap(name =>
  Array.from({ length: perTransport }, () => subscriber(name, { url, headers: { authorization } })),
)
while (!subscribers.every(one => one.hasBegun())) await pause(20)
const writing = Array.from({ length: writers }, (_, writer) => write(all.apart(), writer))

for (let kill = 1; kill <= kills; kill++) {
  if (kill % 20 === 0) console.log(`kill ${kill}: ${log.length} events`)
  const until = acknowledged + 20 + all.below(100)
  while (acknowledged < until) await pause(1)
  await pause(all.below(20))
  await server.end('SIGKILL')
  server = await start(data, [], env)
  const told = subscribers.map(one => [one.name, one.ids.length])
  await readOn()
  for (const [i, [name, length]] of told.entries())
    tally.check(
      isBeginning(subscribers[i].ids.slice(0, length)),
      `kill ${kill}: what ${name} was told is not the beginning of the log`,
    )
}

isOver = true
await Promise.all(writing)
await readOn()
const head = log.at(-1)
for (const end = performance.now() + caughtUpMsMax; performance.now() < end; await pause(50))
  if (subscribers.every(({ ids }) => ids.includes(head))) break
const known = log.length
log.length = 0
read = null
await readOn()
tally.check(log.length >= known, `the log had ${known} events, and now ${log.length}`)
for (const { name, ids, refusals } of subscribers) {
  const is = ids.length === log.length && isBeginning(ids)
  tally.check(is, `${name} was told ${ids.length} events of ${log.length}, or not in their order`)
  tally.check(refusals.length === 0, `${name} was refused: ${refusals[0]}`)
}
const ending = subscribers.map(one => one.end())
await server.end('SIGTERM')
process.off('exit', orphaned)
await Promise.all(ending)
tally.check(run(data, 'verify').code === 0, 'verify finds damage')
console.log(
  `${log.length} events of ${acknowledged} commands, told to ${perTransport} each by ${names.join(', ')}`,
)
tally.close()

/** Sends the next when the last was answered; what was cut off is sent again, under its name. */
async function write(source, writer) {
  const incidents = []
  for (let n = 0; !isOver; n++) {
    const { query, variables, declares } = commandOf(source, `${writer}-${n}`, incidents)
    for (let answer; !answer;) {
      answer = await server.ask(query, variables).catch(() => pause(20))
      if (answer?.data && declares) incidents.push(answer.data.declareIncident.incident.id)
    }
    acknowledged++
  }
}

async function readOn() {
  for (let more = true; more;) {
    const { data, errors } = await server.ask(
      `query ($after: Cursor) { events(first: 100, after: $after) {
        nodes { id } pageInfo { endCursor hasNextPage } } }`,
      { after: read },
    )
    if (!data) throw new Error(`The log cannot be read: ${JSON.stringify(errors)}`)
    const { events } = data
    log.push(...events.nodes.map(({ id }) => id))
    read = events.pageInfo.endCursor ?? read
    more = events.pageInfo.hasNextPage
  }
}

function isBeginning(ids) {
  return ids.every((id, at) => id === log[at])
}

/** Below those that the system gives to who connects, which could be given the very one they try. */
async function freePort() {
  for (;;) {
    const port = 20_000 + all.below(10_000)
    const probe = createServer()
    const isFree = await new Promise(resolve =>
      probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
    )
    await new Promise(resolve => probe.close(resolve))
    if (isFree) return port
  }
}

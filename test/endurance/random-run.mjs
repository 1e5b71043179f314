/**
 * The whole program for a while, as life treats it: commands over HTTP from several writers, readers
 * that do not read, nonsense, a clock that jumps, a disk that fills (where root), and an end by SIGKILL
 * or SIGTERM. After each start all that was promised is checked.
 *
 *   npm run build && node test/endurance/random-run.mjs [rounds] [seed]
 *
 * The seed is printed; with it the same rounds are drawn again: who sends which commands, what goes
 * wrong and after how many acknowledgements. How the writers interleave is the machine’s affair. Ends
 * with `N passed, N failed`.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { checkLedger } from './support/invariants.mjs'
import { chance } from './support/chance.mjs'
import { commandOf } from './support/commands.mjs'
import { Tally, run, scratch, start } from './support/server.mjs'

const rounds = Number(process.argv[2] ?? 10)
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 32))
const writers = 6
const diskMib = 64
const settleMsMax = 1000
const isRoot = process.getuid?.() === 0 && process.platform === 'linux'
console.log(`seed ${seed}${isRoot ? '' : '; the disk does not fill: that needs root'}`)

const tally = new Tally()
const folder = scratch('random')
const clockFile = join(scratch('clock'), 'offset')
const preload = fileURLToPath(new URL('support/clock.mjs', import.meta.url))
let offsetMs = 0
writeFileSync(clockFile, '0')
if (isRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMib}m`, 'none', folder])
const data = join(folder, 'data')
const ballast = join(folder, 'ballast')

/** Everything that was ever sent, by commandId: its request, and the answer once there was one. */
const sent = new Map()
/** Incidents as the writers know them. */
const incidents = []
const all = chance(seed)
const sources = Array.from({ length: writers }, () => all.apart())

try {
  for (let round = 0; round < rounds; round++) await live(round)
  const server = await started()
  await checkLedger(tally, `in the end`, server, sent)
  await server.end('SIGTERM')
  tally.check(run(data, 'verify').code === 0, 'in the end: verify finds damage')
} finally {
  if (isRoot) execFileSync('umount', ['-l', folder])
}
console.log(`${sent.size} commands, ${incidents.length} incidents, ${rounds} rounds, seed ${seed}`)
tally.close()

async function live(round) {
  const mishap = all.one([
    'none',
    'clock',
    'slow readers',
    'nonsense',
    isRoot ? 'full disk' : 'clock',
  ])
  const ending = all.one(['SIGKILL', 'SIGKILL', 'SIGTERM'])
  const acknowledgements = 30 + all.below(150)
  const jumpMs = all.below(7_200_000) - 3_600_000
  const name = `round ${round} (${mishap}, ${ending} after ${acknowledgements})`
  console.log(name)
  const server = await started()
  await checkLedger(tally, name, server, sent)
  const state = { server, left: acknowledgements, ended: false }
  const writing = sources.map((source, writer) => write(state, source, `${round}-${writer}`))
  const happening = happen(mishap, name, server, jumpMs)
  while (state.left > 0 && !state.ended) await pause(5)
  const readers = await happening
  const ended = server.end(ending)
  if (ending === 'SIGKILL') state.ended = true
  const [code, signal] = await ended
  state.ended = true
  await Promise.all(writing)
  for (const socket of readers) socket.destroy()
  tally.check(
    ending === 'SIGTERM' ? code === 0 : signal === 'SIGKILL',
    `${name}: it ended with ${code ?? signal}`,
  )
  tally.check(run(data, 'verify').code === 0, `${name}: verify finds damage`)
}

function started() {
  return start(data, [], { NODE_OPTIONS: `--import ${preload}`, CLOCK_FILE: clockFile })
}

async function write(state, source, name) {
  for (let n = 0; !state.ended; n++) {
    const request = commandOf(source, `${name}-${n}`, incidents)
    sent.set(request.commandId, request)
    try {
      const answer = await state.server.ask(request.query, request.variables)
      take(request, answer)
      state.left--
    } catch {
      // It has ended: what became of this one is asked after the next start.
      if (state.left <= 0) return
      await pause(20)
    }
  }
}

function take(request, answer) {
  const receipt = answer.data && Object.values(answer.data)[0]
  const code = answer.errors?.[0].extensions.code
  // Nothing was done, or nobody knows: it is sent again later.
  if (/^(STORE_|OVERLOADED|RATE_LIMITED|BUSY|NOT_READY)/.test(code ?? '')) return
  request.answer = answer
  if (receipt && request.declares) incidents.push(receipt.incident.id)
}

/** Answers the sockets of those who do not read. */
async function happen(mishap, name, server, jumpMs) {
  await pause(100)
  if (mishap === 'clock') {
    writeFileSync(clockFile, String((offsetMs += jumpMs)))
    process.kill(server.pid, 'SIGUSR2')
  }
  if (mishap === 'full disk') await fillDisk(name, server)
  if (mishap === 'nonsense')
    for (const body of ['{', '{"query":1}', '{"query":"{"}', 'null', '[]', '"x"'.repeat(5000)]) {
      const answer = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: server.headers,
        body,
      })
      tally.check(
        answer.status >= 400 && answer.status < 500,
        `${name}: nonsense is answered ${answer.status}`,
      )
    }
  if (mishap !== 'slow readers') return []
  return Array.from({ length: 20 }, () => slowReader(server))
}

/** Asks for much again and again, and reads nothing of it. */
function slowReader(server) {
  const { port } = new URL(server.url)
  const body = JSON.stringify({ query: '{ events(first: 100) { nodes { id data } } }' })
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {})
  socket.pause()
  for (let n = 0; n < 50; n++)
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: ${server.headers.authorization}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  return socket
}

/** Writes are refused, reads go on, and with room again all goes on by itself. */
async function fillDisk(name, server) {
  const declare = 'mutation { declareIncident(input: { title: "Full" }) { revision } }'
  const codeOf = answer => answer.errors?.[0].extensions.code
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k'], { stdio: 'ignore' })
  } catch {
    // It ends when the disk is full: that is what it is for.
  }
  let answer
  for (let n = 0; n < 2000 && codeOf(answer ?? {}) !== 'STORE_FULL'; n++)
    answer = await server.ask(declare)
  tally.check(
    codeOf(answer) === 'STORE_FULL',
    `${name}: a full disk is answered ${JSON.stringify(answer)}`,
  )
  const read = await server.ask('{ events(first: 1) { nodes { id } } }')
  tally.check(read.data, `${name}: a full disk keeps it from reading: ${JSON.stringify(read)}`)
  if (existsSync(ballast)) rmSync(ballast)
  const from = performance.now()
  do answer = await server.ask(declare)
  while (!answer.data && performance.now() - from < settleMsMax)
  tally.check(answer.data, `${name}: with room again it does not write: ${JSON.stringify(answer)}`)
}

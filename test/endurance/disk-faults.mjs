/**
 * D3 by hand: a write or a sync of the log fails once, as a broken disk does. Nothing is acknowledged
 * then that is not on disk, nothing more is written, health is red within a second, and reading goes on.
 *
 *   npm run build && node test/endurance/disk-faults.mjs [trials]
 *
 * Needs Linux and strace. Ends with `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Tally, run, scratch, start } from './support/server.mjs'

const trials = Number(process.argv[2] ?? 12)
if (spawnSync('strace', ['-V']).error) {
  console.log('strace is not installed\n0 passed, 0 failed, 1 skipped')
  process.exit(0)
}
const kinds = [
  ['fsync,fdatasync', 'log.sqlite-wal'],
  ['fsync,fdatasync', 'log.head'],
  ['pwrite64', 'log.sqlite-wal'],
  ['pwrite64', 'log.head'],
]
const redMsMax = 1000
const commandsMax = 200
const tally = new Tally()
const data = join(scratch('faults'), 'data')
const record = `mutation ($id: ID!, $commandId: String!) {
  recordObservation(incidentId: $id, input: { text: $commandId }, options: { commandId: $commandId }) { events { id } } }`

let server = await start(data)
const declared = await server.ask(
  'mutation { declareIncident(input: { title: "x" }) { revision incident { id } } }',
)
const {
  revision: first,
  incident: { id },
} = declared.data.declareIncident
await server.end('SIGTERM')

/** By commandId, the id of the event that was acknowledged. */
const acknowledged = new Map()

for (let trial = 0; trial < trials; trial++) {
  const [call, file] = kinds[trial % kinds.length]
  const nth = 1 + Math.floor(Math.random() * 30)
  const name = `trial ${trial}: EIO on ${call} ${nth} of ${file}`
  const path = join(data, file)
  const inject = ['-P', path, '-e', `trace=${call}`, '-e', `inject=${call}:error=EIO:when=${nth}`]
  server = await start(data, ['strace', '-f', '-qq', '-o', '/dev/null', ...inject])
  const unknown = await writeUntilRefused(name)
  const red = performance.now()
  let health = await server.ready()
  while (health.ok && performance.now() - red < redMsMax) health = await server.ready()
  tally.check(!health.ok, `${name}: health is not red within ${redMsMax} ms`)
  const more = await server.ask(record, { id, commandId: `${trial}-more` })
  tally.check(
    codeOf(more) === 'STORE_UNAVAILABLE',
    `${name}: it goes on writing: ${JSON.stringify(more)}`,
  )
  const read = await server.ask('query ($id: ID!) { incident(id: $id) { revision } }', { id })
  tally.check(
    read.data?.incident.revision >= first + acknowledged.size,
    `${name}: it does not go on reading`,
  )
  await server.end('SIGKILL')

  tally.check(run(data, 'verify').code === 0, `${name}: verify finds damage`)
  server = await start(data)
  for (const [commandId, eventId] of [...acknowledged].slice(-60)) {
    const again = await server.ask(record, { id, commandId })
    const same = again.data?.recordObservation.events[0]?.id === eventId
    if (!same) tally.check(false, `${name}: ${commandId} was acknowledged and is lost`)
  }
  const again = await server.ask(record, { id, commandId: unknown })
  if (
    tally.check(
      again.data,
      `${name}: what was unknown cannot be sent again: ${JSON.stringify(again)}`,
    )
  )
    acknowledged.set(unknown, again.data.recordObservation.events[0].id)
  const { data: all } = await server.ask('query ($id: ID!) { incident(id: $id) { revision } }', {
    id,
  })
  tally.check(
    all.incident.revision === first + acknowledged.size,
    `${name}: ${acknowledged.size} were recorded, and the incident is at revision ${all.incident.revision}`,
  )
  await server.end('SIGTERM')
}
tally.close()

/** Answers the name of the command that was refused. */
async function writeUntilRefused(name) {
  for (let n = 0; n < commandsMax; n++) {
    const commandId = `${trialOf(name)}-${n}`
    const answer = await server.ask(record, { id, commandId })
    if (answer.data) acknowledged.set(commandId, answer.data.recordObservation.events[0].id)
    else {
      tally.check(
        codeOf(answer) === 'STORE_UNAVAILABLE',
        `${name}: refused with ${JSON.stringify(answer)}`,
      )
      return commandId
    }
  }
  tally.check(false, `${name}: the fault never came`)
  return `${trialOf(name)}-none`
}

function codeOf({ errors }) {
  return errors?.[0].extensions.code
}
function trialOf(name) {
  return /\d+/.exec(name)[0]
}

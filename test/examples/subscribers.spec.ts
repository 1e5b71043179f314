import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import ts from 'typescript'
import { dataOf, newFolder, until } from '../support/app.js'
import { documentOf } from '../support/live-incident.mjs'
import { type Server, shell, startServer } from '../support/server.js'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const roundsOfKills = 2
/** Between two kills, so that there is something to miss. */
const perRound = 10

const folder = newFolder()
let port: string
let server: Server
beforeAll(async () => {
  port = String(await freePort())
  server = await startServer(folder, { LEDGER_PORT: port })
})
const children = new Set<ChildProcess>()
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server.end('SIGKILL')
})

/**
 * Below those that the system gives to who connects: a subscriber that tries a port where nobody listens
 * could be given that very one, and reach itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const wanted = 20_000 + Math.floor(Math.random() * 10_000)
    const probe = createServer().listen(wanted, '127.0.0.1')
    const isFree = await Promise.race([
      once(probe, 'listening').then(() => true),
      once(probe, 'error').then(() => false),
    ])
    if (!isFree) continue
    await new Promise(resolve => probe.close(resolve))
    return wanted
  }
}

/** A subscriber that is started again after each kill, as a service manager would. */
class Subscriber {
  readonly journal: string
  #child: ChildProcess | undefined
  /** Ids it printed, of all its lives. */
  printed = ''
  said = ''

  constructor(
    readonly name: string,
    private readonly command: readonly string[],
  ) {
    this.journal = join(folder, `${name}.ndjson`)
  }

  start(): void {
    const [program, ...args] = this.command
    const env = shell({ LEDGER_URL: server.url, LEDGER_KEY: server.key })
    const child = spawn(program!, [...args, this.journal], { env })
    child.stdout.on('data', data => (this.printed += data))
    child.stderr.on('data', data => (this.said += data))
    children.add((this.#child = child))
  }

  async kill(): Promise<void> {
    const child = this.#child!
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
    children.delete(child)
  }

  /** What it did: whole lines. */
  get lines(): { id?: string; cursor: string }[] {
    if (!existsSync(this.journal)) return []
    const whole = readFileSync(this.journal, 'utf8').split('\n').slice(0, -1)
    return whole.map(line => JSON.parse(line))
  }

  get ids(): string[] {
    return this.lines.flatMap(({ id }) => id ?? [])
  }
}

/** As Node runs it; that its types are right is shown where all examples are compiled. */
function typescript(): string {
  const code = readFileSync(join(examples, 'typescript/subscriber.ts'), 'utf8')
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const path = join(folder, 'subscriber.mjs')
  writeFileSync(path, outputText)
  symlinkSync(join(examples, '../node_modules'), join(folder, 'node_modules'))
  return path
}

let writes = 0
let incident: string | undefined
/** Sent until it is acknowledged; thanks to its name it is done once, however often it is sent. */
async function write(): Promise<void> {
  const mutation =
    incident === undefined || writes % 10 === 0 ? 'declareIncident' : 'recordObservation'
  const input = mutation === 'declareIncident' ? { title: 'Down' } : { text: `Seen ${writes}` }
  const id = mutation === 'declareIncident' ? undefined : incident
  const options = { commandId: `write-${writes++}` }
  for (;;) {
    const answer = await server
      .ask(server.key, documentOf(mutation, { id, input }), { id, input, options })
      .catch(() => undefined)
    if (answer?.data) return void (incident ??= answer.data[mutation].incident.id)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function logged(): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | null = null; ;) {
    const query = `query ($after: Cursor) { events(first: 100, after: $after) {
      nodes { id } pageInfo { endCursor hasNextPage } } }`
    const { events } = dataOf(await server.ask(server.key, query, { after }))
    ids.push(...events.nodes.map(({ id }: { id: string }) => id))
    if (!events.pageInfo.hasNextPage) return ids
    after = events.pageInfo.endCursor
  }
}

const hasPython = spawnSync('python3', ['--version']).status === 0

test('subscribers that are killed, of a server that is killed, did each event once and in order', async () => {
  const subscribers = [
    new Subscriber('typescript', [process.execPath, typescript()]),
    ...(hasPython
      ? [new Subscriber('python', ['python3', join(examples, 'python/subscriber.py')])]
      : []),
  ]
  for (const subscriber of subscribers) subscriber.start()
  await until(() => subscribers.every(({ lines }) => lines.length > 0))
  let writing = true
  const written = (async () => {
    while (writing) await write()
  })()
  for (let round = 0; round < roundsOfKills; round++) {
    const enough = writes + perRound
    await until(() => writes >= enough)
    await server.end('SIGKILL')
    server = await startServer(folder, { LEDGER_PORT: port })
    for (const subscriber of subscribers) {
      // It dies in the middle of it, and not only where it waits.
      const had = subscriber.ids.length
      await until(() => subscriber.ids.length > had)
      await subscriber.kill()
      const more = writes + perRound
      await until(() => writes >= more)
      subscriber.start()
    }
  }
  writing = false
  await written
  const log = await logged()
  for (const subscriber of subscribers) {
    await until(() => subscriber.ids.includes(log.at(-1)!))
    expect([subscriber.name, subscriber.ids]).toEqual([subscriber.name, await logged()])
    // What was done and not yet said when it died is done, and is not said again.
    const printed = subscriber.printed.trim().split('\n')
    expect(new Set(printed).size).toBe(printed.length)
    expect(printed.filter(id => !log.includes(id))).toEqual([])
    // Where it began is the one line of no event: nowhere did it have to note that some may be missing.
    expect(subscriber.lines.filter(({ id }) => id === undefined)).toHaveLength(1)
  }
})

test('a line that was cut off is done again, and a file of something else is left as it is', async () => {
  const subscriber = new Subscriber('cut', [process.execPath, join(folder, 'subscriber.mjs')])
  const { lines } = new Subscriber('typescript', [])
  const [last] = lines.slice(-3)
  const whole = `${JSON.stringify(last)}\n`
  writeFileSync(subscriber.journal, `${whole}{"cursor":"half of a li`)
  subscriber.start()
  const log = await logged()
  await until(() => subscriber.ids.includes(log.at(-1)!))
  expect(subscriber.ids).toEqual(log.slice(log.indexOf(last!.id!)))
  await subscriber.kill()
  const other = 'x'.repeat(1024 * 1024 + 1)
  writeFileSync(subscriber.journal, other)
  subscriber.start()
  await until(() => subscriber.said.includes('is no journal'))
  expect(readFileSync(subscriber.journal, 'utf8')).toBe(other)
})

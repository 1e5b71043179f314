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
const perRound = 6

const folder = newFolder()
let port: string
let server: Server
beforeAll(async () => {
  transpile()
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

  start(key = server.key): void {
    const [program, ...args] = this.command
    const env = shell({ LEDGER_URL: server.url, LEDGER_KEY: key })
    const child = spawn(program!, [...args, this.journal], { env })
    child.stdout.on('data', data => (this.printed += data))
    child.stderr.on('data', data => (this.said += data))
    children.add((this.#child = child))
  }

  async kill(): Promise<void> {
    const ended = this.ended()
    this.#child!.kill('SIGKILL')
    await ended
  }

  /** What it ended with. */
  async ended(): Promise<number | null> {
    const child = this.#child!
    const [code] = await once(child, 'close')
    children.delete(child)
    return code
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
function transpile(): void {
  const code = readFileSync(join(examples, 'typescript/subscriber.ts'), 'utf8')
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  writeFileSync(join(folder, 'subscriber.mjs'), outputText)
  symlinkSync(join(examples, '../node_modules'), join(folder, 'node_modules'))
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
/** What is run of each language that is here. */
const commands = (): [string, string[]][] => [
  ['typescript', [process.execPath, join(folder, 'subscriber.mjs')]],
  ...(hasPython
    ? [['python', ['python3', join(examples, 'python/subscriber.py')]] as [string, string[]]]
    : []),
]

test('subscribers that are killed, of a server that is killed, did each event once and in order', async () => {
  const subscribers = commands().map(([name, command]) => new Subscriber(name, command))
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
    // Python unbuffered writes a line’s end by itself, so one may have died before it.
    const printed = subscriber.printed.match(/[0-9a-f-]{36}/g)!
    expect(new Set(printed).size).toBe(printed.length)
    expect(printed.filter(id => !log.includes(id))).toEqual([])
    // Where it began is the one line of no event: nowhere did it have to note that some may be missing.
    expect(subscriber.lines.filter(({ id }) => id === undefined)).toHaveLength(1)
  }
})

const idOfNone = '01890000-0000-7000-8000-000000000000'
const cursorOfNone = Buffer.from(`incident-${idOfNone} 3 ${idOfNone}`).toString('base64url')

test('a line that was cut off is done again; one of another history is noted; a wrong key and file end it', () =>
  Promise.all(
    commands().map(async ([name, command]) => {
      const log = await logged()
      const [last] = new Subscriber(name, command).lines.slice(-3)
      const cut = new Subscriber(`${name}-cut`, command)
      writeFileSync(cut.journal, `${JSON.stringify(last)}\n{"cursor":"half of a li`)
      cut.start()
      await until(() => cut.ids.includes(log.at(-1)!))
      expect(cut.ids).toEqual(log.slice(log.indexOf(last!.id!)))
      await cut.kill()

      const gone = new Subscriber(`${name}-gone`, command)
      writeFileSync(gone.journal, `${JSON.stringify({ cursor: cursorOfNone })}\n`)
      gone.start()
      await until(() => gone.lines.length > 1)
      const { cursor } = new Subscriber(name, command).lines.at(-1)!
      expect(gone.lines[1]).toEqual({ cursor, refreshed: true })
      await gone.kill()

      const other = 'x'.repeat(1024 * 1024 + 1)
      writeFileSync(gone.journal, other)
      gone.start()
      expect([await gone.ended(), gone.said]).toEqual([1, expect.stringMatching('is no journal')])
      expect(readFileSync(gone.journal, 'utf8')).toBe(other)

      cut.start('ilk_wrong')
      expect([await cut.ended(), cut.said]).toEqual([1, expect.stringMatching('UNAUTHENTICATED')])
      expect(cut.said).not.toMatch('ilk_')
    }),
  ))

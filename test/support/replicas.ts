import { setTimeout as rest } from 'node:timers/promises'
import { documentOf } from './live-incident.mjs'
import { type Answer, dataOf, newFolder } from './app.js'
import { type Server, startServer } from './server.js'

/** Real processes on one store, each with a folder of its own. */
export class Replicas {
  readonly all: Server[] = []
  readonly folders: string[] = []
  /** The administrator's key: the folder of the first to reach the store has it. */
  key = ''

  constructor(
    readonly url: string,
    readonly prefix = `test-${Math.random().toString(36).slice(2)}.`,
  ) {}

  /** One more; it is answering when this resolves. */
  async start(folder = newFolder()): Promise<Server> {
    const server = await startServer(folder, this.env)
    this.key ||= server.key
    this.all.push(server)
    this.folders.push(folder)
    return server
  }

  /** The first, which registers the administrator, then the others; all ready. */
  async startReady(count: number): Promise<readonly Server[]> {
    await this.start()
    await Promise.all(Array.from({ length: count - 1 }, () => this.start()))
    for (const one of this.all)
      await eventually(
        () => readiness(one),
        ({ ok }) => ok,
      )
    return this.all
  }

  get env() {
    return { LEDGER_STORE: this.url, LEDGER_STREAM_PREFIX: this.prefix }
  }

  /** The data of an answer that is no refusal. */
  told = async (server: Server, query: string, variables: object = {}): Promise<any> =>
    dataOf(await server.ask(this.key, query, variables))

  /** The answer to a command, be it a refusal. */
  command = (
    server: Server,
    mutation: string,
    id: string | undefined,
    input?: object,
    options?: object,
  ): Promise<Answer> =>
    server.ask(this.key, documentOf(mutation, { id, input }), { id, input, options })

  /** The receipt of a command that is taken. */
  act = async (
    server: Server,
    mutation: string,
    ...given: [string | undefined, object?, object?]
  ) => dataOf(await this.command(server, mutation, ...given))[mutation]

  async end(): Promise<void> {
    await Promise.all(this.all.map(server => server.end('SIGKILL')))
  }
}

/** Whatever comes by itself comes within this, also on a machine that is busy with other tests. */
const patienceMs = 60_000

/** Asks until it is so; the last answer if it is not in time. */
export async function eventually<Seen>(
  look: () => Promise<Seen>,
  isSo: (seen: Seen) => boolean,
  withinMs = patienceMs,
): Promise<Seen> {
  for (const endMs = Date.now() + withinMs; ;) {
    const seen = await look()
    if (isSo(seen) || Date.now() >= endMs) return seen
    await rest(20)
  }
}

/** What a server says of its readiness. */
export async function readiness({ url }: { url: string }): Promise<{ ok: boolean; text: string }> {
  const answer = await fetch(`${url}/health/ready`)
  return { ok: answer.ok, text: await answer.text() }
}

/** One number of a server's metrics. */
export async function metric({ url }: { url: string }, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
}

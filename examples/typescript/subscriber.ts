import { appendFileSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { initGraphQLTada, type ResultOf } from 'gql.tada'
import { type FormattedExecutionResult, print } from 'graphql'
import { type Client, createClient } from 'graphql-ws'
import { type ClientOptions, WebSocket } from 'ws'
import type { introspection } from './schema.js'

/**
 * Keeps a copy of every event, from when it was first started, through whatever is killed: itself, the
 * server, the network. None is missed and none is kept twice.
 *
 *   LEDGER_KEY=… node dist/subscriber.js copy.ndjson
 */
const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: { DateTime: string; Cursor: string; JSON: Record<string, unknown> }
}>()
type RejectionCode = ReturnType<typeof graphql.scalar<'RejectionCode'>>

const url = `${process.env.LEDGER_URL ?? 'http://127.0.0.1:4000'}/graphql`.replace(/^http/, 'ws')
const key = process.env.LEDGER_KEY
if (!key) throw new Error('Set LEDGER_KEY to an API key, such as the one in data/admin.key.')
const path = process.argv[2] ?? 'copy.ndjson'

/** What is there longer than this without a line end is no journal of ours. */
const tailBytes = 1024 * 1024
const waitMsMax = 10_000
const connectMsMax = 10_000
/** Asked so often whether the other end is still there, and given so long to answer. */
const aliveMs = 10_000
const pongMsMax = 10_000
const messageBytesMax = 16 * 1024 * 1024

/**
 * What was done and how far it was done are one line, appended at once and forced to disk: after any end
 * both are there, or neither. In earnest that is one transaction of your database; where the effect is
 * somewhere else, hand it the event’s id, so that it can tell a repeat.
 */
class Journal {
  cursor: string | undefined
  readonly #file: number

  constructor(path: string) {
    this.#file = openSync(path, 'a+')
    const { size } = fstatSync(this.#file)
    const tail = Buffer.alloc(Math.min(size, tailBytes))
    readSync(this.#file, tail, 0, tail.length, size - tail.length)
    const end = tail.lastIndexOf('\n') + 1
    if (end === 0 && size > tail.length) throw new Error(`${path} is no journal`)
    // A line that was cut off was not done: its event comes again.
    ftruncateSync(this.#file, size - tail.length + end)
    const last = String(tail.subarray(0, end)).trimEnd().split('\n').at(-1)
    if (last) this.cursor = JSON.parse(last).cursor
  }

  note(line: { cursor: string; [name: string]: unknown }): void {
    try {
      appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
      fsyncSync(this.#file)
    } catch (error) {
      // Nobody knows how much of it is there: the next start looks.
      console.error(`${path} cannot be written: ${error}`)
      process.exit(1)
    }
    this.cursor = line.cursor
  }
}

const follow = graphql(`
  subscription Follow($after: Cursor) {
    incidentEvents(after: $after) {
      cursor
      event {
        id
        type
        incidentId
        revision
        occurredAt
        data
      }
    }
  }
`)
type Told = ResultOf<typeof follow>['incidentEvents']

const journal = new Journal(path)
let tries = 0

function take({ cursor, event }: Told): void {
  if (event) {
    tries = 0
    journal.note({ cursor, ...event })
    console.log(event.id)
    // Told how far it was looked. The first of all is where the copy begins.
  } else if (journal.cursor === undefined) journal.note({ cursor })
}

/** A network that hangs is as good as none. */
class Socket extends WebSocket {
  constructor(address: string, protocol: string) {
    const bounds: ClientOptions = {
      handshakeTimeout: connectMsMax,
      maxPayload: messageBytesMax,
    }
    super(address, protocol, bounds)
  }
}

let silence: NodeJS.Timeout | undefined
const client: Client = createClient({
  url,
  webSocketImpl: Socket,
  connectionParams: { authorization: `Bearer ${key}` },
  connectionAckWaitTimeout: connectMsMax,
  // It would ask again from where it began; the loop below goes on from where it is.
  retryAttempts: 0,
  keepAlive: aliveMs,
  on: {
    ping: received => {
      if (!received) silence = setTimeout(() => client.terminate(), pongMsMax)
    },
    pong: received => {
      if (received) clearTimeout(silence)
    },
    closed: () => clearTimeout(silence),
  },
})

/** Until it is over. Each event is dealt with before the next is read. */
const followed = () =>
  new Promise<void>((resolve, reject) => {
    let isOver = false
    const end = (error?: unknown) => {
      isOver = true
      if (error === undefined) resolve()
      else reject(error)
    }
    const next = ({ data, errors }: FormattedExecutionResult<ResultOf<typeof follow>>) => {
      if (isOver) return
      if (data && !errors) return take(data.incidentEvents)
      // Something cannot be told: it is asked for again, and nothing behind it is taken.
      end(errors)
      stop()
    }
    const variables = {
      // Read whenever it is sent: after a socket that was closed as if all were done, the client asks again.
      get after() {
        return journal.cursor
      },
    }
    const stop = client.subscribe<ResultOf<typeof follow>>(
      { query: print(follow), variables },
      { next, error: end, complete: end },
    )
  })

type Refused = { message: string; extensions: { code: RejectionCode; details?: any } }
/** Waiting mends none of these. */
const final: readonly RejectionCode[] = [
  'UNAUTHENTICATED',
  'SCOPE_MISSING',
  'UNKNOWN_SUBJECT',
  'INVALID_CURSOR',
]

/** What to say of an end, if it is none for ever. */
function passing(error: any): string {
  const [refused] = (Array.isArray(error) ? error : []) as Refused[]
  const code = refused?.extensions.code
  if (code === 'REFRESH_REQUIRED') {
    // What was told before may be gone, as after a restored backup: what is made of it is to be made anew.
    const { cursor } = refused!.extensions.details
    journal.note({ cursor, refreshed: true })
    return 'Something may be missing before here'
  }
  // `SLOW_CONSUMER` too: all up to the last one was told, and the journal knows which that is.
  const why = code ?? error?.reason
  if (final.includes(why)) throw new Error(why, { cause: error })
  return why || error?.message || 'The connection is lost'
}

for (;;) {
  const why = await followed().catch(passing)
  const waitMs = Math.min(waitMsMax, 100 * 2 ** tries++) * (0.5 + Math.random() / 2)
  console.error(`${why ?? 'It was ended'}; again in ${Math.round(waitMs)} ms.`)
  await pause(waitMs)
}

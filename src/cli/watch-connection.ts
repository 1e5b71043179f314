import { setTimeout as pause } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { Complaint } from './complaint.js'
import { visible } from './visible.js'
import { type Told, rowsMax } from './watch-board.js'
import { watchDocuments } from './watch-documents.js'

/** Where to ask, and with which key. */
export interface Asked {
  readonly url: URL
  readonly secret: string
}

/** Who is told of open incidents. */
export interface Watcher {
  /** All of them, after each connection. */
  listed(all: readonly Told[], isCut: boolean): void
  /** One of them; null when it is no longer open. */
  changed(id: string, incident: Told | null): void
  /** The connection is lost, and made again. */
  lost(why: string): void
}

const waitMsMax = 10_000
const connectMsMax = 10_000
/** Asked so often whether the other end is still there, and given so long to answer. */
const aliveMs = 10_000
const pongMsMax = 10_000
/** An answer is smaller by far. */
const messageBytesMax = 4 * 1024 * 1024
/** Changes that wait for the list. */
const waitingMax = 10_000
const reasonLengthMax = 200
/** Waiting mends none of these. */
const final = ['UNAUTHENTICATED', 'SCOPE_MISSING', 'UNKNOWN_SUBJECT']
/** What a closed socket says with its code alone. */
const explained: Readonly<Record<string, string>> = {
  UNAUTHENTICATED: 'the key is not valid there (UNAUTHENTICATED); --key-file names another.',
}

/** Until aborted, through whatever is lost meanwhile. Throws `Complaint` for a key that may not. */
export async function watchOpen(asked: Asked, watcher: Watcher, signal: AbortSignal) {
  let tries = 0
  const listed = (all: readonly Told[], isCut: boolean) => {
    tries = 0
    watcher.listed(all, isCut)
  }
  while (!signal.aborted) {
    const why = await connected(asked, { ...watcher, listed }, signal).catch(passing)
    if (signal.aborted) return
    watcher.lost(why ?? 'It was ended')
    const waitMs = Math.min(waitMsMax, 100 * 2 ** tries++) * (0.5 + Math.random() / 2)
    await pause(waitMs, undefined, { signal }).catch(() => {})
  }
}

/** One connection, to its end. */
async function connected({ url, secret }: Asked, watcher: Watcher, signal: AbortSignal) {
  const sockets: WebSocket[] = []
  const end = () => sockets.forEach(socket => socket.terminate())
  /** A network that hangs is as good as none. */
  class Socket extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address, protocol, { handshakeTimeout: connectMsMax, maxPayload: messageBytesMax })
      sockets.push(this)
    }
  }
  let silence: NodeJS.Timeout | undefined
  const client = createClient({
    url: `${url.href.replace(/^http/, 'ws').replace(/\/$/, '')}/graphql`,
    webSocketImpl: Socket,
    connectionParams: { authorization: `Bearer ${secret}` },
    connectionAckWaitTimeout: connectMsMax,
    retryAttempts: 0,
    keepAlive: aliveMs,
    on: {
      ping: received => {
        if (!received) silence = setTimeout(end, pongMsMax)
      },
      pong: received => {
        if (received) clearTimeout(silence)
      },
    },
  })
  signal.addEventListener('abort', end)
  try {
    await followed(client, watcher)
  } finally {
    clearTimeout(silence)
    signal.removeEventListener('abort', end)
    end()
  }
}

interface Changed {
  readonly incidentsChanged: {
    readonly cursor: string
    readonly incidentId: string | null
    readonly incident: Told | null
  }
}

/** The list, whenever it is said from where on changes are told; then the changes, in their order. */
function followed(client: Client, watcher: Watcher): Promise<void> {
  return new Promise((resolve, reject) => {
    let waiting: (() => void)[] | undefined
    const list = (atLeast: string) => {
      waiting = []
      return listOf(client, atLeast).then(({ all, isCut }) => {
        watcher.listed(all, isCut)
        for (const take of waiting ?? []) take()
        waiting = undefined
      }, reject)
    }
    const next = ({ data, errors }: { data?: Changed | null; errors?: unknown }) => {
      if (!data || errors) return reject(errors)
      const { incidentId, incident, cursor } = data.incidentsChanged
      if (incidentId === null) return void list(cursor)
      const take = () => watcher.changed(incidentId, incident)
      if (!waiting) take()
      else if (waiting.push(take) > waitingMax) reject(new Error('The list does not come'))
    }
    const query = watchDocuments.changes
    client.subscribe<Changed>({ query }, { next: next as never, error: reject, complete: resolve })
  })
}

async function listOf(client: Client, atLeast: string) {
  const all: Told[] = []
  for (let after: string | null = null; ;) {
    const { nodes, pageInfo } = await pageOf(client, { after, atLeast })
    all.push(...nodes)
    const { hasNextPage, endCursor }: Page['pageInfo'] = pageInfo
    if (!hasNextPage || all.length >= rowsMax) return { all, isCut: hasNextPage }
    after = endCursor
  }
}

interface Page {
  readonly nodes: readonly Told[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

async function pageOf(client: Client, variables: Record<string, unknown>): Promise<Page> {
  const asked = client.iterate<{ incidents: Page }>({ query: watchDocuments.list, variables })
  for await (const { data, errors } of asked) {
    if (!data || errors) throw errors
    return data.incidents
  }
  throw new Error('There is no answer')
}

interface Refusal {
  readonly message: string
  readonly extensions?: { readonly code?: string }
}

/** What to say of an end, if it is none for ever: of a refusal, of a closed socket, of the network. */
function passing(error: unknown): string {
  const [refused] = (Array.isArray(error) ? error : []) as Refusal[]
  const { reason, message } = (refused ?? error ?? {}) as { reason?: string; message?: string }
  const code = refused?.extensions?.code ?? reason
  const told = (text: string | undefined) =>
    visible(String(text || 'The connection is lost').slice(0, reasonLengthMax))
  if (code !== undefined && final.includes(code)) {
    const said = refused ? `${told(refused.message)} (${code})` : (explained[code] ?? code)
    throw new Complaint(`The ledger refuses: ${said}`)
  }
  return told(code || message)
}

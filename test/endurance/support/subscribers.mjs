import { setTimeout as pause } from 'node:timers/promises'
import { createClient as overSse } from 'graphql-sse'
import { createClient as overWebSocket } from 'graphql-ws'
import { WebSocket } from 'ws'

const query = `subscription ($after: Cursor) {
  incidentEvents(after: $after) { cursor event { id } } }`
/** Until it tries again, at the most; spread, so that not all come at once. */
const waitMsMax = 250
/** The server says something every 15 seconds. */
const silenceMsMax = 45_000

/** How each is told events, once: `take(cursor, id)` for each, without an id where only the place is told. */
const transports = {
  'graphql-ws': async ({ url, headers }, after, take) => {
    const client = overWebSocket({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: headers,
      retryAttempts: 0,
    })
    await toldBy(client, after, take)
  },
  'graphql-sse': async ({ url, headers }, after, take) => {
    const client = overSse({ url: `${url}/graphql/stream`, headers, retryAttempts: 0 })
    await toldBy(client, after, take)
  },
  'events/stream': async ({ url, headers }, after, take) => {
    const answer = await fetch(`${url}/events/stream`, {
      headers: { ...headers, ...(after && { 'last-event-id': after }) },
    })
    for await (const { id, data, event } of messagesOf(answer)) {
      if (event === 'error') throw new Error(data)
      if (id) take(id, data && JSON.parse(data).id)
    }
  },
  pull: async ({ url, headers }, after, take) => {
    const address = `${url}/events?limit=50&after=${after ?? 'now'}&wait=${after ? 20 : 0}`
    const answer = await fetch(address, { headers, signal: AbortSignal.timeout(silenceMsMax) })
    if (!answer.ok) throw new Error(await answer.text())
    const cursor = answer.headers.get('ledger-cursor')
    for (const event of await answer.json()) take(event.cursor, event.id)
    take(cursor)
  },
}
export const names = Object.keys(transports)

/** By one transport, until that ends: rejects with what was told then, a pull resolves. */
export const follow = (name, server, after, take) => transports[name](server, after, take)

/** Follows by one transport until `end`, through whatever is lost meanwhile: begins behind what it has. */
export function subscriber(name, server) {
  const ids = []
  const refusals = []
  let cursor
  let isOver = false
  const take = (place, id) => {
    if (isOver) return
    cursor = place
    if (id) ids.push(id)
  }
  const following = (async () => {
    while (!isOver) {
      try {
        await follow(name, server, cursor, take)
      } catch (error) {
        const told = Array.isArray(error) ? JSON.stringify(error) : error.message
        if (/"code":"(?!STORE_UNAVAILABLE|OVERLOADED)/.test(told ?? '')) refusals.push(told)
        await pause(Math.random() * waitMsMax)
      }
    }
  })()
  return {
    name,
    ids,
    /** Whether it knows from where on it is told. */
    hasBegun: () => cursor !== undefined,
    /** What it was refused with: nothing of it should be. */
    refusals,
    end: () => ((isOver = true), following),
  }
}

/** Each answer is taken before the next is read. */
function toldBy(client, after, take) {
  return new Promise((resolve, reject) => {
    const next = ({ data, errors }) => {
      if (!data) return reject(errors)
      const { cursor, event } = data.incidentEvents
      take(cursor, event?.id)
    }
    client.subscribe({ query, variables: { after } }, { next, error: reject, complete: resolve })
  }).finally(() => client.dispose())
}

async function* messagesOf(answer) {
  if (!answer.ok) throw new Error(await answer.text())
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body) {
    const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n')
    text = blocks.pop()
    for (const block of blocks)
      yield Object.fromEntries(block.split('\n').map(line => line.split(/: ?(.*)/s)))
  }
}

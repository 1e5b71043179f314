import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client'
import { EventStoreDBEventStore } from '../dist/event-store/eventstoredb/eventstoredb-event-store.js'
import { inFlight, middle, speed, work } from './support/appends.mjs'
import { eventStoreDB } from './support/eventstoredb-server.mjs'
import { declared, end, measure, start } from './support/http.mjs'

/**
 * E6: appends through the port, and whole mutations, against the client as it comes, on the same server
 * in the same run, in turns, and the middle one of the rounds.
 */
const rounds = 5
const clients = 32

/** The client with nothing of ours around it: same streams, revisions, ids, data and metadata. */
class Raw {
  constructor(url) {
    this.client = EventStoreDBClient.connectionString(url)
  }
  append = (stream, expectedRevision, events) =>
    this.client.appendToStream(`raw.${stream}`, events, {
      expectedRevision: expectedRevision === -1 ? 'no_stream' : BigInt(expectedRevision),
    })
  close = () => this.client.dispose()
}

/** As the client wants them, made before the clock runs. */
const forRaw = append => ({
  ...append,
  events: append.events.map(({ id, type, bytes, hash }) => {
    const { data, ...metadata } = JSON.parse(bytes)
    return jsonEvent({ id, type, data, metadata: { ...metadata, hash, previousHash: hash } })
  }),
})

async function compare(store, raw, count, size, many) {
  const name = `${size} event${size > 1 ? 's' : ''}, ${many} in flight`
  const [ofStore, ofRaw] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const appends = work(`${Date.now()}-${size}-${many}-${round}`, count, size)
    const rawAppends = appends.map(forRaw)
    ofRaw.push(await speed(count * size, () => inFlight(raw, rawAppends, many)))
    ofStore.push(await speed(count * size, () => inFlight(store, appends, many)))
  }
  return row(name, middle(ofStore), middle(ofRaw))
}

const row = (what, ours, raw) => ({
  what,
  'ours, events/s': Math.round(ours),
  'raw client, events/s': Math.round(raw),
  ratio: (ours / raw).toFixed(2),
})

async function mutations(url, raw, seconds) {
  const ledger = await start('durable', url)
  const ids = await declared(ledger, 200)
  await measure(ledger, ids, 2)
  const { requests } = await measure(ledger, ids, seconds)
  await end(ledger)
  return row(`GraphQL mutations, ${clients} clients`, requests.average, raw)
}

export default async function eventstoredb([seconds = '5'] = []) {
  const server = await eventStoreDB()
  const store = EventStoreDBEventStore.open({ url: server.url, prefix: `bench-${Date.now()}.` })
  const raw = new Raw(server.url)
  try {
    const warm = work(`warm-${Date.now()}`, 200, 1)
    await inFlight(raw, warm.map(forRaw), 8)
    await inFlight(store, warm, 8)
    const rows = [
      await compare(store, raw, 400, 1, 1),
      await compare(store, raw, 3000, 1, 32),
      await compare(store, raw, 4000, 1, 128),
      await compare(store, raw, 500, 10, 32),
    ]
    rows.push(await mutations(server.url, rows[1]['raw client, events/s'], Number(seconds)))
    console.table(rows)
    console.log(`On ${server.name}; the aim of the first four is 0.8. Node ${process.version}.`)
  } finally {
    await raw.close()
    await store.close()
    await server.end()
  }
}

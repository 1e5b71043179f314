import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { cursorOf } from '../src/api/cursor.js'
import { LocalSecret } from '../src/auth/principal.js'
import { EventStore } from '../src/event-store/event-store.js'
import { verify } from '../src/event-store/sqlite/verify.js'
import { Importer } from '../src/intake/importer.js'
import { createApp } from '../src/serve.js'
import { Views } from '../src/views/views.js'
import { PushedClock, client, configOf, dataOf, logOf, newFolder } from './support/app.js'

const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url))

interface Kept {
  events: number
  streams: Record<string, { revision: number; hash: string; reference?: string; status?: string }>
}

describe.each(readdirSync(fixtures))('the data folder kept as %s', version => {
  const kept = (name: string) => readFileSync(`${fixtures}${version}/${name}`, 'utf8')
  const { events, streams } = JSON.parse(kept('kept.json')) as Kept
  const incidents = Object.entries(streams).filter(([, { reference }]) => reference !== undefined)
  const folder = newFolder()
  const local = new LocalSecret()
  let app: NestFastifyApplication
  let store: EventStore
  let ask: (query: string, variables?: object) => Promise<any>
  beforeAll(async () => {
    cpSync(`${fixtures}${version}`, folder, { recursive: true })
    // On the day it was kept: nothing of it falls due meanwhile.
    app = await createApp(configOf(folder), { localSecret: local, clock: new PushedClock() })
    await app.listen(0, '127.0.0.1')
    store = app.get<EventStore>(EventStore)
    // A sentence that names another incident looks it up in the lists, which are built after the start.
    await app.get(Views).caughtUp(await store.head(), 60_000)
    const asSecret = client(await app.getUrl())
    ask = async (query, variables) => dataOf(await asSecret(local.value, query, variables))
  })
  afterAll(() => app.close())

  test('verifies to the last event', () => {
    expect(verify(folder)).toEqual({ events, streams: Object.keys(streams).length })
  })

  test('holds every stream with the hash it had', async () => {
    const last = Object.fromEntries(
      (await logOf(store)).map(({ stream, revision, hash }) => [stream, { revision, hash }]),
    )
    expect(last).toEqual(
      Object.fromEntries(
        Object.entries(streams).map(([stream, { revision, hash }]) => [stream, { revision, hash }]),
      ),
    )
  })

  test.each(incidents)(
    'replays %s to the postmortem it had',
    async (stream, { reference, status, revision: _, hash: __, ...report }) => {
      const id = stream.slice('incident-'.length)
      const { incident } = await ask(
        `{ incident(id: "${id}") { reference status
        postmortem { markdown sha256 incidentRevision organisationRevision rendererVersion } } }`,
      )
      const { markdown, ...rendered } = incident.postmortem
      expect(markdown).toBe(kept(`${reference}.md`))
      expect(rendered).toEqual(report)
      expect(incident).toMatchObject({ reference, status })
    },
  )

  test('lists its incidents, and opened without writing anything', async () => {
    const { incidents: listed } = await ask(
      `query ($atLeast: Cursor) {
        incidents(first: 100, atLeast: $atLeast) { nodes { id reference status revision } } }`,
      { atLeast: cursorOf((await logOf(store)).at(-1)!) },
    )
    expect(listed.nodes).toHaveLength(incidents.length)
    for (const { id, ...node } of listed.nodes)
      expect(streams[`incident-${id}`]).toMatchObject(node)
    expect(await store.head()).toBe(BigInt(events))
  })

  test('finds in its imports every fact that was imported', async () => {
    const files = readdirSync(folder).filter(name => /^[a-z].*-.*\.json$/.test(name))
    expect(files.length).toBeGreaterThan(0)
    for (const file of files)
      expect(await app.get(Importer).import(JSON.parse(kept(file)))).toMatchObject({ recorded: 0 })
    expect(await store.head()).toBe(BigInt(events))
  })

  test('answers a command again that was named then, and does not do it again', async () => {
    const [first] = (await logOf(store)).filter(({ commandId }) => commandId === 'Fire drill')
    const { createApiKey } = await ask(
      'mutation { createApiKey(input: { label: "Again", scopes: [INCIDENTS_READ, INCIDENTS_WRITE], owner: "alice" }) { secret } }',
    )
    const before = await store.head()
    const asSecret = client(await app.getUrl())
    const again = await asSecret(
      createApiKey.secret,
      `mutation { declareIncident(options: { commandId: "Fire drill" },
        input: { title: "Fire drill", mode: DRILL, severity: SEV4 }) { events { id } incident { id } } }`,
    )
    const { events: recorded, incident } = dataOf(again).declareIncident
    expect([`incident-${incident.id}`, recorded[0].id]).toEqual([first!.stream, first!.id])
    expect(await store.head()).toBe(before)
  })

  test('goes on: a new incident follows the old ones', async () => {
    const { declareIncident } = await ask(
      'mutation { declareIncident(input: { title: "Next" }) { viewsCaughtUp incident { reference } } }',
    )
    expect(declareIncident).toEqual({
      viewsCaughtUp: true,
      incident: { reference: `INC-${incidents.length + 1}` },
    })
    for (const [stream] of incidents) {
      const id = stream.slice('incident-'.length)
      const { recordObservation } = await ask(
        `mutation { recordObservation(incidentId: "${id}", input: { text: "Looked at again" }) { events { revision } } }`,
      )
      expect(recordObservation.events).toEqual([{ revision: streams[stream]!.revision + 1 }])
    }
    expect(verify(folder).firstBad).toBeUndefined()
  })
})

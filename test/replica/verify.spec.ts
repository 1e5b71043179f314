import { cpSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newFolder } from '../support/app.js'
import { TestServer } from '../support/eventstoredb/server.js'
import { Replicas, eventually, metric, readiness } from '../support/replicas.js'
import { ran } from '../support/server.js'

/** What `verify` exits with when history is not what was written. */
const damaged = 2

let store: TestServer
let replicas: Replicas
beforeAll(async () => {
  store = await TestServer.start()
  replicas = new Replicas(store.url)
  const server = await replicas.start()
  for (let n = 0; n < 5; n++) {
    const { incident } = await replicas.act(server, 'declareIncident', undefined, { title: `${n}` })
    await replicas.act(server, 'recordObservation', incident.id, { text: 'seen' })
  }
  const behind = async () =>
    (await metric(server, 'ledger_log_position')) - (await metric(server, 'ledger_views_position'))
  await eventually(behind, gap => gap === 0)
  await server.end('SIGTERM')
})
const others: TestServer[] = []
afterAll(() => Promise.all([store, ...others].map(server => server.stop())))

/** A folder with the views of the replica, or without any. */
function folder(withViews = true): string {
  const copy = newFolder()
  cpSync(replicas.folders[0]!, copy, { recursive: true })
  if (!withViews) rmSync(`${copy}/replica-${replicas.prefix}`, { recursive: true })
  return copy
}

const verified = (url: string, data = folder()) =>
  ran(['--data', data, 'verify'], { ...replicas.env, LEDGER_STORE: url })

/** A server that holds what the other does, but for what `isKept` leaves out or `changed` makes of it. */
async function restored(
  isKept: (index: number, stream: string) => boolean,
  changed: (data: Uint8Array) => Uint8Array = data => data,
): Promise<TestServer> {
  const other = await TestServer.start()
  others.push(other)
  for (const [i, { stream, data, ...event }] of store.log.all.entries())
    if (isKept(i, stream)) other.log.foreign(stream, { ...event, data: changed(data) })
  return other
}
const isOurs = (stream: string) => stream.startsWith(replicas.prefix)

describe('verify', () => {
  test('finds every chain whole, and all that the views have seen', async () => {
    const { code, out, err } = await verified(store.url)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^\d+ events in 7 streams: every chain holds, and all is there/)
  })

  test('says when there are no views to compare with', async () => {
    const { code, out } = await verified(store.url, folder(false))
    expect(code).toBe(0)
    expect(out).toMatch(/with no views here to compare with/)
  })

  test('finds a log that was restored from too old a backup', async () => {
    const cut = store.log.all.findLastIndex(({ stream }) => stream.includes('incident-'))
    const old = await restored(index => index < cut)
    const { code, err } = await verified(old.url)
    expect(err).toMatch(
      /The views have seen incident-\S+ up to revision 2, and the log ends before/,
    )
    expect(code).toBe(damaged)
  })

  test('is asked for by a replica whose views have seen more than a restored log holds', async () => {
    const cut = store.log.all.findLastIndex(({ stream }) => stream.includes('incident-'))
    const old = new Replicas((await restored(index => index < cut)).url, replicas.prefix)
    try {
      const server = await old.start(folder())
      const seen = await eventually(
        () => readiness(server),
        ({ text }) => text.includes('run verify'),
      )
      expect(seen).toEqual({ ok: false, text: expect.stringContaining('have seen more') })
    } finally {
      await old.end()
    }
  })

  test('finds an event that was changed', async () => {
    const edited = await restored(
      () => true,
      data => Buffer.from(Buffer.from(data).toString().replace('"seen"', '"unseen"')),
    )
    const { code, err } = await verified(edited.url)
    expect(err).toMatch(/^Damaged: The event at position \d+ was changed/)
    expect(code).toBe(damaged)
  })

  test('finds a stream that is gone', async () => {
    const [gone] = store.log.all.map(({ stream }) => stream).filter(name => /incident-/.test(name))
    const without = await restored((_, stream) => stream !== gone)
    const { code, err } = await verified(without.url)
    expect(err).toMatch(/The views have seen incident-/)
    expect(code).toBe(damaged)
  })

  test('passes over what others wrote', async () => {
    store.log.foreign(`${replicas.prefix}notes`, { data: { text: 'not ours' } })
    store.log.noise(50)
    const { code, err } = await verified(store.url)
    expect([code, err]).toEqual([0, ''])
    expect(store.log.all.filter(({ stream }) => isOurs(stream)).length).toBeGreaterThan(10)
  })
})

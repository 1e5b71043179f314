import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Principals } from '../../src/auth/principal.js'
import { HeldOpen } from '../../src/live/held-open.js'
import { WatchedPrincipals } from '../../src/live/watched-principals.js'
import { type App, startApp, until } from '../support/app.js'

let app: App
const server = createServer()
beforeAll(async () => {
  app = await startApp()
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await app.close()
})

const headers = () => ({ authorization: `Bearer ${app.secrets['partner']}` })
/** A request of a partner as the server has it, and how its client leaves. */
async function asked() {
  const client = get({ port: (server.address() as AddressInfo).port, headers: headers() })
  client.on('error', () => {})
  const [request, raw] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  const principal = await app.app.get(Principals).of(request as never)
  const hold = (held: HeldOpen) => held.hold(request as never, { raw } as never, principal!)
  return { raw, hold, leaves: () => client.destroy() }
}

test('it is held until the client goes, and so many at a time', async () => {
  const held = new HeldOpen(1, app.app.get(WatchedPrincipals))
  const [one, two] = [await asked(), await asked()]
  const signal = one.hold(held)
  expect([signal.aborted, held.count]).toEqual([false, 1])
  expect(() => two.hold(held)).toThrow(expect.objectContaining({ code: 'LIMIT_REACHED' }))
  one.leaves()
  await until(() => signal.aborted)
  expect([signal.reason, held.count]).toEqual(['GONE', 0])
  expect(two.hold(held).aborted).toBe(false)
  two.leaves()
})

test('whoever has gone before holds nothing', async () => {
  const held = new HeldOpen(1, app.app.get(WatchedPrincipals))
  const { raw, hold, leaves } = await asked()
  leaves()
  await until(() => raw.destroyed)
  expect([hold(held).reason, held.count]).toEqual(['GONE', 0])
})

test('what is held, and what would be, ends when the server stops', async () => {
  const held = new HeldOpen(2, app.app.get(WatchedPrincipals))
  const [one, two] = [await asked(), await asked()]
  const signal = one.hold(held)
  held.stop()
  expect([signal.reason, two.hold(held).reason]).toEqual(['STOPPING', 'STOPPING'])
  for (const { leaves } of [one, two]) leaves()
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

test.each([
  ['setParent', (id: string) => ({ parent: id }), 'removeParent', {}],
  ['mergeIncident', (id: string) => ({ into: id }), 'unmergeIncident', { reason: 'Another cause' }],
])('who takes back %s is not told of an incident that they may not see', async (...given) => {
  const [connect, inputOf, separate, reason] = given
  const id = await app.declared()
  await app.act('alice', 'claimCommand', id)
  const other = await app.declared({ visibility: 'RESTRICTED' })
  await app.act('alice', connect, id, inputOf(other))
  const { events } = await app.act('bob', separate, id, reason)
  expect(JSON.stringify(events)).not.toContain(other)
})

import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Database } from '../../src/sqlite.js'
import { OperatedStore } from '../../src/event-store/operated-store.js'
import { Views } from '../../src/views/views.js'
import { type App, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const change = `mutation ($id: ID!, $title: String!) {
  changeTitle(incidentId: $id, input: { title: $title }) { revision viewsCaughtUp } }`
const lanes = 8
/** On a replica each pair takes some milliseconds more: fewer say the same. */
const pairsPerLane = process.env['JOURNEYS_ON'] === undefined ? 250 : 40

test(`of ${lanes * pairsPerLane} lists read after a command, none is stale`, async () => {
  const ids = await Promise.all(Array.from({ length: lanes }, () => app.declared()))
  const stale: string[] = []
  const pairs = async (id: string, lane: number) => {
    for (let n = 0; n < pairsPerLane; n++) {
      const title = `L${lane}x${n}y`
      const { changeTitle } = await app.told('alice', change, { id, title })
      const { revision, viewsCaughtUp } = changeTitle
      const { incidents } = await app.told(
        'rob',
        `{ incidents(first: 1, filter: { search: "${title}" }, orderBy: CHANGED_LATEST) { nodes { id title revision } } }`,
      )
      const [shown] = incidents.nodes
      const isFresh = viewsCaughtUp && shown?.id === id && shown.title === title
      if (!isFresh || shown.revision !== revision) stale.push(title)
    }
  }
  await Promise.all(ids.map(pairs))
  expect(stale).toEqual([])
})

const ready = async () => {
  const answer = await fetch(`${app.url}/health/ready`)
  const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean }[] }
  return { status: answer.status, bad: checks.filter(({ ok }) => !ok).map(({ name }) => name) }
}
async function until(condition: () => Promise<boolean>): Promise<number> {
  const from = performance.now()
  while (!(await condition())) await new Promise(resolve => setTimeout(resolve, 50))
  return performance.now() - from
}

/** Both take a second or two on a machine that does nothing else. */
const soonMs = 20_000

test('while the views cannot be written commands are taken, health is red soon, and green again after', async () => {
  expect(await ready()).toEqual({ status: 200, bad: [] })
  const { folder } = app.app.get(Views)
  const views = readdirSync(folder).find(name => /^views\.\d+\.sqlite$/.test(name))!
  const holder = new Database(`${folder}/${views}`)
  holder.exec('begin immediate')
  try {
    const from = performance.now()
    const id = await app.declared()
    const late = await app.act('alice', 'claimCommand', id)
    expect(late.viewsCaughtUp).toBe(false)
    expect(performance.now() - from).toBeLessThan(soonMs)
    await until(async () => (await ready()).status === 503)
    expect(performance.now() - from).toBeLessThan(2 * soonMs)
    expect((await ready()).bad).toEqual(['views'])
    const { incident } = await app.told('rob', `{ incident(id: "${id}") { commander { handle } } }`)
    expect(incident.commander).toEqual({ handle: 'alice' })
    const still = await app.act('alice', 'recordObservation', id, { text: 'Still writing' })
    expect(still.events).toHaveLength(1)
  } finally {
    holder.exec('rollback')
    holder.close()
  }
  expect(await until(async () => (await ready()).status === 200)).toBeLessThan(soonMs)
  const { incidents } = await app.told('rob', '{ incidents(first: 1) { nodes { revision } } }')
  expect(incidents.nodes).toEqual([{ revision: 3 }])
})

test('two rebuilds with nothing between them leave no list that stands still', async () => {
  const rebuild = () => app.app.get(OperatedStore).rebuildViews(() => {})
  await app.told('rob', '{ incidents { nodes { id } } }')
  await rebuild()
  await rebuild()
  const id = await app.declared({ title: 'After both' })
  const { incidents } = await app.told('rob', '{ incidents(first: 100) { nodes { id } } }')
  expect(incidents.nodes.map((node: any) => node.id)).toContain(id)
})

import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { Database } from '../../src/sqlite.js'
import { codeOf, dataOf, newFolder, startApp, until } from '../support/app.js'

test('what lies behind damage is not looked for as if it did not exist', async () => {
  const folder = newFolder()
  const before = await startApp(folder)
  const declare = 'mutation { declareIncident(input: { title: "Slow" }) { incident { id } } }'
  const idIn = async () => dataOf(await before.ask('local', declare)).declareIncident.incident.id
  const [damaged, sound] = [(await idIn()) as string, (await idIn()) as string]
  await before.close()
  for (const name of readdirSync(folder).filter(name => name.startsWith('views.')))
    rmSync(join(folder, name))
  const db = new Database(join(folder, 'log.sqlite'))
  db.prepare("update events set bytes = bytes || ' ' where stream = ? and revision = 0").run(
    `incident-${damaged}`,
  )
  db.close()

  const app = await startApp(folder)
  const ready = async () => (await fetch(`${app.url}/health/ready`)).text()
  await until(async () => (await ready()).includes('Damaged at position'))
  for (const asked of [
    '{ incidents(first: 5) { nodes { id } } }',
    '{ incident(reference: "INC-2") { id } }',
    '{ tasks(first: 5) { nodes { id } } }',
    '{ openWork(first: 5) { nodes { title } } }',
    '{ search(query: "slow", first: 5) { nodes { foundIn } } }',
    `{ incident(id: "${damaged}") { title } }`,
  ])
    expect([asked, codeOf(await app.ask('alice', asked))]).toEqual([asked, 'STORE_DAMAGED'])
  expect(dataOf(await app.ask('local', `{ incident(id: "${sound}") { title } }`))).toEqual({
    incident: { title: 'Slow' },
  })
  await app.close()
})

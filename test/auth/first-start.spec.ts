import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { EventStore } from '../../src/event-store/event-store.js'
import { createApp } from '../../src/serve.js'
import { client, configOf, logOf, newFolder } from '../support/app.js'

/** Starts on a folder, does something, and ends. */
async function started<Result>(
  folder: string,
  work: (ask: ReturnType<typeof client>, store: EventStore) => Promise<Result>,
): Promise<Result> {
  const app = await createApp(configOf(folder))
  await app.listen(0, '127.0.0.1')
  try {
    return await work(client(await app.getUrl()), app.get<EventStore>(EventStore))
  } finally {
    await app.close()
  }
}

const keyIn = (folder: string) => readFileSync(`${folder}/admin.key`, 'utf8').trim()
const modeOf = (path: string) => statSync(path).mode & 0o777
const viewer = '{ viewer { actor { type } person { handle name } scopes } }'

describe('the first start', () => {
  test('registers an administrator whose key is in a file for its owner’s eyes only', async () => {
    const folder = `${newFolder()}/new`
    const events = await started(folder, async (ask, store) => {
      const { data } = await ask(keyIn(folder), viewer)
      expect(data.viewer).toMatchObject({
        actor: { type: 'USER' },
        person: { handle: 'admin', name: 'Administrator' },
      })
      expect(data.viewer.scopes).toHaveLength(10)
      return logOf(store)
    })
    expect(modeOf(`${folder}/admin.key`)).toBe(0o600)
    expect(modeOf(folder)).toBe(0o700)
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([
      ['PersonRegistered', { type: 'SYSTEM', id: 'first-start' }],
      ['ApiKeyCreated', { type: 'SYSTEM', id: 'first-start' }],
    ])
    expect(JSON.stringify(events.map(({ data }) => data))).not.toMatch(keyIn(folder))
  })

  test('happens once: the second leaves key and log as they are', async () => {
    const folder = newFolder()
    const head = () => started(folder, (_, store) => store.head())
    const first = await head()
    const key = keyIn(folder)
    expect(await head()).toBe(first)
    expect(keyIn(folder)).toBe(key)
    expect((await started(folder, ask => ask(key, viewer))).status).toBe(200)
  })

  test.each([
    ['a whole key', 'ilk_0190000000007000800000000000000a_x_y\n', 0o600],
    ['half a key', 'ilk_01', 0o600],
    ['a key that others could read', 'ilk_01', 0o644],
  ])('heals a crash that left %s and no log', async (_, left, mode) => {
    const folder = newFolder()
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}/admin.key`, left)
    chmodSync(`${folder}/admin.key`, mode)
    await started(folder, async ask => {
      expect((await ask(keyIn(folder), viewer)).data.viewer.person.handle).toBe('admin')
      expect((await ask(left.trim(), viewer)).status).toBe(401)
    })
    expect(modeOf(`${folder}/admin.key`)).toBe(0o600)
  })

  test('is not undone by losing the key file: nobody gets a second key by deleting the first', async () => {
    const folder = newFolder()
    await started(folder, async () => {})
    const files = readdirSync(folder)
    expect(files).toContain('admin.key')
    writeFileSync(`${folder}/admin.key`, '')
    const head = await started(folder, (_, store) => store.head())
    expect(head).toBe(2n)
    expect(keyIn(folder)).toBe('')
  })
})

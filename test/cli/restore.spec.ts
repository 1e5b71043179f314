import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { backUp } from '../../src/cli/backup.js'
import { restore } from '../../src/cli/restore.js'
import { verify } from '../../src/event-store/sqlite/verify.js'
import { Database } from '../../src/sqlite.js'
import { configOf, newFolder } from '../support/app.js'

let data: string
let backup: string
beforeEach(async () => {
  jest.spyOn(console, 'log').mockImplementation(() => {})
  data = newFolder()
  cpSync('test/fixtures/v2', data, { recursive: true })
  writeFileSync(`${data}/admin.key`, 'new')
  backup = `${newFolder()}/backup`
  await backUp(configOf(data), backup, { withKey: true })
})
afterEach(() => void jest.restoreAllMocks())

test('Ctrl-C while a backup is checked leaves the ledger as it was', async () => {
  let left: string[] = []
  const exit = jest.spyOn(process, 'exit')
  exit.mockImplementation((() => (left = readdirSync(data))) as never)
  const { prepare } = Database.prototype
  // A process hears a signal when it has come to the end of what it does.
  jest.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database, sql) {
    if (sql.includes('min(position)')) setImmediate(() => process.emit('SIGINT'))
    return prepare.call(this, sql)
  })
  // The process of a test goes on, and finds that what was to be put in place is gone.
  await expect(restore(configOf(data), backup, { force: true })).rejects.toThrow('ENOENT')
  expect(exit).toHaveBeenCalledWith(130)
  expect(left).toContain('log.sqlite')
  expect(left.filter(name => /partial|set-aside/.test(name))).toEqual([])
})

test('restores one after the other keep every key that was there', async () => {
  writeFileSync(`${data}/admin.key`, 'first')
  for (const key of ['first', 'new', 'second']) {
    writeFileSync(`${data}/admin.key`, key)
    await restore(configOf(data), backup, { force: true })
    // Within a second both would be set aside under one name.
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
  const keyIn = (name: string) => readFileSync(`${data}/admin.key${name}`, 'utf8').trim()
  expect([keyIn(''), keyIn('.old'), keyIn('.old-2')]).toEqual(['new', 'first', 'second'])
  expect(existsSync(`${data}/admin.key.old-3`)).toBe(false)
  expect(verify(data)).toEqual(verify(backup))
})

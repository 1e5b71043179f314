import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { recover } from '../../src/cli/recover.js'
import { FolderLock } from '../../src/event-store/folder-lock.js'
import { verify } from '../../src/event-store/sqlite/verify.js'
import { Database } from '../../src/sqlite.js'
import { configOf, newFolder, startApp } from '../support/app.js'
import { ran } from '../support/server.js'

const on = (folder: string, ...args: string[]) => ran(['--data', folder, ...args])
function kept(): string {
  const folder = newFolder()
  for (const file of ['log.sqlite', 'log.head'])
    cpSync(`test/fixtures/v2/${file}`, `${folder}/${file}`)
  return folder
}
function changed<Row>(folder: string, sql: string, ...values: unknown[]): Row[] {
  const db = new Database(`${folder}/log.sqlite`)
  try {
    return db.prepare<unknown[], Row>(sql).all(...values)
  } finally {
    db.close()
  }
}

describe('a ledger one of whose events was changed', () => {
  const folder = kept()
  let stream: string
  beforeAll(() => {
    ;[{ stream }] = changed<{ stream: string }>(
      folder,
      `update events set bytes = replace(bytes, 'X', 'x') || ' ' where position =
         (select max(position) - 3 from events where stream like 'incident-%') returning stream`,
    ) as [{ stream: string }]
  })

  test('recover shows what is lost, and changes nothing', async () => {
    const before = readdirSync(folder).map(name => [name, readFileSync(`${folder}/${name}`)])
    const { code, out, err } = await on(folder, 'recover')
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^Damaged at position \d+, incident-\S+ revision \d+: was changed/)
    expect(err).toMatch(/^Kept: \d+ events in 7 streams\. Lost: 4 events:$/m)
    expect(err).toMatch(
      new RegExp(`^  INC-\\d \\(${stream}\\) from revision \\d+ on: 4 or more$`, 'm'),
    )
    expect(err).toMatch('--accept-loss')
    for (const [name, bytes] of before) expect(readFileSync(`${folder}/${name}`)).toEqual(bytes)
  })

  test('with --accept-loss it goes on without it, verifies, serves, and has it on record', async () => {
    const { code, out, err } = await on(folder, 'recover', '--accept-loss')
    expect([code, err]).toEqual([0, ''])
    const [, aside] = /^The damaged log is in (\S+)\.$/m.exec(out)!
    expect(verify(aside!).firstBad).toMatchObject({ stream })
    expect(verify(folder).firstBad).toBeUndefined()
    expect(await on(folder, 'verify')).toMatchObject({ code: 0 })
    const again = await on(folder, 'recover', '--accept-loss')
    expect([again.code, again.out]).toEqual([0, expect.stringMatching('Nothing is damaged')])

    const app = await startApp(folder)
    try {
      const { events } = await app.told(
        'root',
        `{ events(first: 10, filter: { includeOrganisation: true, types: ["dev.incidentledger.organisation.ledger_recovered.v1"] }) {
          nodes { data actor { id } } } }`,
      )
      expect(events.nodes).toEqual([
        {
          actor: { id: 'command-line' },
          data: {
            what: expect.stringMatching(`^Damaged at position \\d+, ${stream}`),
            kept: expect.any(Number),
            lost: 4,
            ends: [{ stream, revision: expect.any(Number), events: 4 }],
            endsInAll: 1,
          },
        },
      ])
      const mutation =
        'mutation { declareIncident(input: { title: "Next" }) { incident { reference } } }'
      const { declareIncident } = await app.told('root', mutation)
      expect(declareIncident.incident.reference).toBe('INC-6')
    } finally {
      await app.close()
    }
  })
})

describe('without the program', () => {
  let said: string[]
  const told = () => said.join('\n')
  beforeAll(() => {
    jest.spyOn(console, 'log').mockImplementation(line => void said.push(String(line)))
  })
  beforeEach(() => void (said = []))
  afterAll(() => void jest.restoreAllMocks())
  const accepted = { acceptLoss: true }

  test('a sound ledger has nothing to recover, and a folder that is held is left alone', async () => {
    const folder = kept()
    await recover(configOf(folder), accepted)
    expect(told()).toMatch('Nothing is damaged')
    const lock = FolderLock.acquire(folder)
    await expect(recover(configOf(folder), accepted)).rejects.toThrow('in use by')
    lock.release()
  })

  test('numbers of incidents are not given away again, whichever streams were cut', async () => {
    for (const cut of [
      `delete from events where stream = 'reference' and revision > 1 returning 1`,
      `delete from events where position > (select max(position) - 3 from events) returning 1`,
    ]) {
      const folder = kept()
      const before = changed<{ n: number }>(
        folder,
        `select count(*) as n from events where stream = 'reference'`,
      )[0]!.n
      const [gone] = [changed(folder, cut).length]
      await recover(configOf(folder), accepted)
      expect(verify(folder).firstBad).toBeUndefined()
      const after = changed<{ type: string }>(
        folder,
        `select type from events where stream = 'reference' order by revision`,
      )
      expect(gone).toBe(3)
      expect(after.length).toBeGreaterThanOrEqual(before)
      expect(after.at(-1)).toEqual({ type: 'ReferencePassedOver' })
    }
  })

  test('a head record that is gone is made anew, and nothing else is lost', async () => {
    const folder = kept()
    const { events } = verify(folder)
    rmSync(`${folder}/log.head`)
    await recover(configOf(folder), accepted)
    expect(told()).toMatch('Lost: no event.')
    expect(told()).toMatch('more may be lost at its end')
    expect(verify(folder)).toMatchObject({ events: events + 1 })
  })

  test('where nothing can be read, nothing is done', async () => {
    const folder = kept()
    rmSync(`${folder}/log.sqlite`)
    await expect(recover(configOf(folder), accepted)).rejects.toThrow('restore a backup')
    const db = new Database(`${folder}/log.sqlite`)
    db.exec('create table x(y)')
    db.close()
    await expect(recover(configOf(folder), accepted)).rejects.toThrow(
      'Nothing of the log can be read',
    )
    expect(readdirSync(folder).filter(name => /aside|partial/.test(name))).toEqual([])
    expect(existsSync(`${folder}/log.head`)).toBe(true)
  })
})

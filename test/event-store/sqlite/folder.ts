import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { LogWriter } from '../../../src/event-store/sqlite/log-writer.js'
import { Database } from '../../../src/sqlite.js'
import { after, sealed } from '../sealed.js'

const folders: string[] = []
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })))

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'))
  folders.push(folder)
  return folder
}

export function copyOf(folder: string): string {
  const copy = newFolder()
  cpSync(folder, copy, { recursive: true })
  return copy
}

/** A log of some streams whose appends came in turns, without the program around it. */
export function writeLog(folder: string, streams: number, each: number): LogWriter {
  const log = new LogWriter(folder)
  appendTo(log, 'incident', streams, each)
  return log
}

export function appendTo(log: LogWriter, name: string, streams: number, each: number): void {
  const all = Array.from({ length: streams }, (_, i) => sealed(`${name}-${i}`, 1))
  for (let revision = 0; revision < each; revision++) {
    const batch = all.map(events => ({
      stream: events[0]!.stream,
      expectedRevision: revision - 1,
      events: events.slice(-1),
    }))
    const outcomes = log.commit(batch)
    if (outcomes.some(outcome => !('position' in outcome))) throw new Error('not stored')
    for (const events of all) events.push(...after(events, 1))
  }
}

/** Changes a log that nobody serves. */
export function edit(folder: string, sql: string, ...values: unknown[]): number {
  const db = new Database(join(folder, 'log.sqlite'))
  const { changes } = db.prepare(sql).run(...values)
  db.close()
  return changes
}

/** What is waited for in vain fails the test by its own time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 10))
}

import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { exportingOf } from '../api/exporting.js'
import type { Config } from '../config.js'
import { Rejected } from '../decider/facet.js'
import { type EventStore, StoreDamaged } from '../event-store/event-store.js'
import { type Exported, type Exporting, exportLines } from '../event-store/export.js'
import { syncPath } from '../event-store/sync-path.js'
import { Complaint } from './complaint.js'
import { endedBySignals } from './ended-by-signals.js'
import { progress } from './progress.js'
import { damaged } from './verify.js'

export interface ExportOptions {
  readonly out: string
  readonly incident?: string
  readonly at?: string
  readonly force?: boolean
}
type Source = Pick<EventStore, 'read' | 'readAll' | 'head'> & { close(): Promise<void> }

/** Writes history to a file, reading only; also while ledgers serve what is exported. */
export async function exportHistory(config: Config, options: ExportOptions): Promise<void> {
  const path = fileIn(options)
  const source = await opened(config)
  try {
    const exporting = await exportingOf(source, { ...options, organisation: true }, 'ALL')
    const { events, streams, at, sha256 } = await written(source, exporting, path)
    console.log(`${events} events of ${streams} streams: every chain holds.`)
    console.log(`${sha256}  ${path}`)
    if (at !== null) console.log(`The same again, byte for byte: --at ${at}`)
  } catch (error) {
    if (error instanceof Rejected) throw new Complaint(error.message)
    if (error instanceof StoreDamaged)
      throw new Complaint(`Nothing was exported. Damaged: ${error.message}.`, damaged)
    throw error
  } finally {
    await source.close()
  }
}

async function opened({ store, data }: Config): Promise<Source> {
  if (store === 'sqlite') {
    const { OfflineLog } = await import('../event-store/sqlite/offline-log.js')
    return OfflineLog.look(data)
  }
  const { EventStoreDBEventStore } =
    await import('../event-store/eventstoredb/eventstoredb-event-store.js')
  return EventStoreDBEventStore.open(store)
}

function fileIn({ out, incident = 'ledger', force = false }: ExportOptions): string {
  const isFolder = existsSync(out) && statSync(out).isDirectory()
  const path = resolve(isFolder ? join(out, `${basename(incident)}.ndjson`) : out)
  if (!existsSync(dirname(path))) throw new Complaint(`${dirname(path)} is not there.`)
  // Not only files: a pipe, or what stands for a device, would be replaced by one.
  if (existsSync(path) && !statSync(path).isFile())
    throw new Complaint(`${path} is no file: name one, or a folder.`)
  if (existsSync(path) && !force)
    throw new Complaint(`${path} is there already: name another, or say --force to replace it.`)
  return path
}

/** Under its own name only when it is whole and on disk. */
async function written(source: Source, exporting: Exporting, path: string): Promise<Exported> {
  const partial = `${path}.partial-${process.pid}`
  const end = endedBySignals(() => rmSync(partial, { force: true }))
  const bar = progress('of the log')
  try {
    const file = await open(partial, 'wx', 0o600)
    try {
      const lines = exportLines(source, exporting, at => bar.at(Number(at), Number(exporting.upTo)))
      for (;;) {
        const { done, value } = await lines.next()
        if (!done) await file.writeFile(value)
        else {
          await file.sync()
          renameSync(partial, path)
          syncPath(dirname(path))
          return value
        }
      }
    } finally {
      await file.close()
    }
  } finally {
    bar.stop()
    rmSync(partial, { force: true })
    end()
  }
}

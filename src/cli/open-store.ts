import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Source } from '../event-store/copy.js'
import type { EventStore } from '../event-store/event-store.js'
import { Complaint } from './complaint.js'

/** A store as it was named on the command line. */
export type StoreName =
  | { readonly kind: 'sqlite'; readonly folder: string }
  | { readonly kind: 'esdb'; readonly url: string; readonly prefix: string }

interface Closing {
  close(): Promise<void>
}
export interface Target {
  readonly store: EventStore & Closing
  /** See `Copying`. */
  readonly appendsMax: number
}
/** Opens stores; tests may bring their own. */
export interface Opening {
  source(name: StoreName): Promise<Source & Closing>
  target(name: StoreName): Promise<Target>
}

/** Throws a `Complaint` that does not say what was given: an address may hold a password. */
export function storeName(option: string, text: string, prefix: string): StoreName {
  const folder = /^sqlite:(.+)$/s.exec(text)?.[1]
  if (folder !== undefined) return { kind: 'sqlite', folder: real(folder) }
  if (/^esdb(\+discover)?:\/\/./.test(text)) return { kind: 'esdb', url: text, prefix }
  throw new Complaint(`${option} takes sqlite:<folder>, esdb://… or esdb+discover://….`)
}

/** One folder may have many names. */
function real(folder: string): string {
  return existsSync(folder) ? realpathSync(folder) : resolve(folder)
}

export const isSame = (one: StoreName, other: StoreName): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/** The embedded store commits together what it is given together. */
const sqliteAppendsMax = 500

export const opening: Opening = {
  async source(name) {
    if (name.kind === 'esdb') return eventStoreDB(name)
    const { OfflineLog } = await import('../event-store/sqlite/offline-log.js')
    return OfflineLog.open(name.folder)
  },
  async target(name) {
    if (name.kind === 'esdb') return { store: await eventStoreDB(name), appendsMax: 1 }
    const { SqliteEventStore } = await import('../event-store/sqlite/sqlite-event-store.js')
    return { store: await SqliteEventStore.open(name.folder), appendsMax: sqliteAppendsMax }
  },
}

async function eventStoreDB(name: StoreName & { kind: 'esdb' }): Promise<EventStore & Closing> {
  const { EventStoreDBEventStore } =
    await import('../event-store/eventstoredb/eventstoredb-event-store.js')
  try {
    return EventStoreDBEventStore.open(name)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Complaint(`The address of EventStoreDB cannot be used. ${error.message}`)
  }
}

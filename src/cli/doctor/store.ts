import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { organisationStream } from '../../commands/directory.js'
import { type Position, StoreDamaged } from '../../event-store/event-store.js'
import type { EventStoreDBSettings } from '../../event-store/eventstoredb/settings.js'
import { codeOf, textOf } from '../../event-store/fault.js'
import { faultOf } from '../../event-store/sqlite/faults.js'
import { notedIn } from '../../event-store/sqlite/log-copy.js'
import { headOf, logIsIn, lookAtLog } from '../../event-store/sqlite/log-file.js'
import { LogReader } from '../../event-store/sqlite/log-reader.js'
import type { StoredEvent } from '../../event-store/stored-event.js'
import { type Finding, findings, sized } from './finding.js'

export interface StoreFound {
  readonly found: Finding[]
  /** Undefined where it could not be read. */
  readonly head?: Position
  readonly last?: StoredEvent | undefined
}

const say = findings('store')
const restore =
  '“recover” shows what would be lost without a backup; “restore <folder> --force” loses what came after it.'
const withoutHead =
  '“restore <folder> --force”; if you know that the log lost nothing, make an empty file of that name.'
/** A write-ahead log as large as this is not taken over any more: something reads and never ends. */
const walBytesMax = 1024 * 1024 * 1024

/** The end of the log against the head record, and its last 1,000 links; “verify” checks all. */
export function checkLog(data: string): StoreFound {
  if (!logIsIn(data))
    return existsSync(join(data, 'log.head'))
      ? { found: [say.bad('The log is gone (log.sqlite), and its head record is there.', restore)] }
      : { found: [say.warn('There is no log here yet.', 'Nothing, if this is a new ledger.')] }
  try {
    const noted = notedIn(data)
    const db = lookAtLog(data)
    try {
      const { position } = headOf(db, noted)
      if (!noted && position > 0n)
        return { found: [say.bad('The head record is missing (log.head).', withoutHead)] }
      const reader = new LogReader(db)
      // A start needs it whole.
      reader.read(organisationStream, 0)
      const [last] = position > 0n ? reader.readAll(position - 1n, 1) : []
      return {
        found: [
          say.ok(
            `The log ends at event ${position}, as its head record says; “verify” checks the rest.`,
          ),
          ...walOf(data),
        ],
        head: position,
        last,
      }
    } finally {
      db.close()
    }
  } catch (error) {
    const { fault, message } = faultOf(error, data)
    return fault === 'DAMAGED'
      ? { found: [say.bad(message, restore)] }
      : { found: [say.bad(`The log cannot be read (${codeOf(error)}).`, 'See folder and disk.')] }
  }
}

function walOf(data: string): Finding[] {
  const path = join(data, 'log.sqlite-wal')
  const size = existsSync(path) ? statSync(path).size : 0
  if (size < walBytesMax) return []
  return [
    say.warn(
      `log.sqlite-wal has grown to ${sized(size)}.`,
      'End what reads the log without end, such as a backup that hangs.',
    ),
  ]
}

/** Reachable, with a leader, and with credentials that may read. */
export async function checkServer(settings: EventStoreDBSettings): Promise<StoreFound> {
  const { EventStoreDBEventStore } =
    await import('../../event-store/eventstoredb/eventstoredb-event-store.js')
  const store = EventStoreDBEventStore.open(settings)
  try {
    const head = await store.head()
    return { found: [say.ok('EventStoreDB answers, and may be read.')], head }
  } catch (error) {
    const todo =
      error instanceof StoreDamaged
        ? 'Run “verify”, and restore the EventStoreDB.'
        : 'See the table under “Running on EventStoreDB” in the README: address, leader, credentials, TLS.'
    return { found: [say.bad(textOf(error), todo)] }
  } finally {
    await store.close()
  }
}

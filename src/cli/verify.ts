import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import type { EventStoreDBSettings } from '../event-store/eventstoredb/settings.js'
import { replicaViews } from '../event-store/replica/views-folder.js'
import { type FirstBad, type Verified, verify } from '../event-store/sqlite/verify.js'
import { verifyStore } from '../event-store/verify-store.js'
import { Complaint } from './complaint.js'
import { progress } from './progress.js'

/** What `verify` exits with when the history is not what was written. */
export const damaged = 2

/** Checks every chain and the head, reading only; also while ledgers serve what is checked. */
export async function verifyStored({ data, store }: Config): Promise<void> {
  if (store === 'sqlite') verifyFolder(data)
  else await verifyReplica(data, store)
}

/** The log of the server, and that all is in it that the views of this folder have seen. */
async function verifyReplica(data: string, settings: EventStoreDBSettings): Promise<void> {
  const { EventStoreDBEventStore } =
    await import('../event-store/eventstoredb/eventstoredb-event-store.js')
  const { seenLog } = await import('../views/seen-log.js')
  const views = replicaViews(data, settings)
  // Before the log is read: what the views see meanwhile need not have been there.
  const seen = existsSync(views) ? seenLog(views) : undefined
  const store = EventStoreDBEventStore.open(settings)
  const bar = progress('of the log')
  try {
    const { events, streams, firstBad } = await verifyStore(store, seen, (at, head) =>
      bar.at(Number(at), Number(head)),
    )
    if (firstBad) throw new Complaint(`Damaged: ${firstBad} Restore a backup.`, damaged)
    const agreed = seen
      ? 'and all is there that these views have seen'
      : 'with no views here to compare with'
    console.log(`${events} events in ${streams} streams: every chain holds, ${agreed}.`)
  } finally {
    bar.stop()
    await store.close()
  }
}

function verifyFolder(data: string): void {
  const isThere = (file: string) => existsSync(join(data, file))
  if (!isThere('log.sqlite') && isThere('log.head'))
    throw new Complaint(`The log of ${data} is gone (log.sqlite). ${whatToDo}`, damaged)
  if (!isThere('log.sqlite')) throw new Complaint(`${data} holds no ledger (no log.sqlite in it).`)
  console.log(soundnessOf(assertSound(data, '', whatToDo)))
}

const whatToDo = 'Restore a backup; without one, “recover” shows what is lost.'

export const soundnessOf = ({ events, streams }: Verified) =>
  `${events} events in ${streams} streams: every chain and the head hold.`

/** The whole log of a folder; a bad one is a `Complaint` with what to say before and after. */
export function assertSound(folder: string, before: string, after = ''): Verified {
  const bar = progress('events')
  const verified = verify(folder, ({ checked, total }) => bar.at(checked, total))
  bar.stop()
  if (!verified.firstBad) return verified
  throw new Complaint(`${before}${badness(verified.firstBad)} ${after}`.trim(), damaged)
}

export const badness = ({ position, stream, revision, what }: FirstBad) =>
  `Damaged at position ${position}${stream === undefined ? '' : `, ${stream} revision ${revision}`}: ${what}.`

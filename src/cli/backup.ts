import {
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { adminKeyFile, copyAdminKey } from '../auth/first-start.js'
import type { Config } from '../config.js'
import { StoreDamaged } from '../event-store/event-store.js'
import { isBackup, noteSums } from '../event-store/sqlite/backup-folder.js'
import type { Head } from '../event-store/sqlite/head-file.js'
import { copyLog } from '../event-store/sqlite/log-copy.js'
import { logIsIn } from '../event-store/sqlite/log-file.js'
import { syncPath } from '../event-store/sync-path.js'
import { Complaint } from './complaint.js'
import { endedBySignals } from './ended-by-signals.js'
import { progress } from './progress.js'
import { assertSound, damaged, soundnessOf } from './verify.js'

export interface BackupOptions {
  readonly force?: boolean
  readonly withKey?: boolean
}

/** A folder that `restore` takes, of the log as it is at one moment; also while a server writes. */
export async function backUp(
  { data, store }: Config,
  target: string,
  options: BackupOptions,
): Promise<void> {
  assertEmbedded(store, 'Back up the EventStoreDB by its own procedure, and admin.key.')
  if (!logIsIn(data)) throw new Complaint(`${data} holds no ledger (no log.sqlite in it).`)
  const path = resolve(target)
  assertFree(path, options)
  if (existsSync(path) && realpathSync(path) === realpathSync(data))
    throw new Complaint(
      'The backup would take the place of the ledger itself: name another folder.',
    )
  const partial = mkdtempSync(`${path}.partial-`)
  const end = endedBySignals(() => rmSync(partial, { recursive: true, force: true }))
  try {
    const { position } = await copied(data, partial, notMade)
    const verified = assertSound(partial, notMade)
    if (options.withKey) takeKey(data, partial)
    const key = options.withKey ? ['admin.key'] : []
    const [sum] = await noteSums(partial, ['log.sqlite', 'log.head', ...key])
    putInPlace(partial, path)
    console.log(`Backed up to position ${position}. ${soundnessOf(verified)}`)
    console.log(`${sum}  ${join(path, 'log.sqlite')}`)
    if (!options.withKey)
      console.log('admin.key is not in it: keep that in another place, or say --with-key.')
  } finally {
    rmSync(partial, { recursive: true, force: true })
    end()
  }
}

export function assertEmbedded(store: Config['store'], instead: string): void {
  if (store !== 'sqlite') throw new Complaint(`This is for the embedded store. ${instead}`)
}

const notMade = 'The backup was not made. '

/** Only what is a backup may ever be replaced. */
function assertFree(path: string, { force = false }: BackupOptions): void {
  if (!existsSync(dirname(path)))
    throw new Complaint(`${dirname(path)} is not there: is the disk for backups mounted?`)
  if (!existsSync(path)) return
  if (!force)
    throw new Complaint(
      `${path} is there already: name another folder, or say --force to replace it.`,
    )
  const isEmpty = statSync(path).isDirectory() && readdirSync(path).length === 0
  if (!isEmpty && !isBackup(path))
    throw new Complaint(`${path} is no backup, or holds other files too: it is not replaced.`)
}

/** `copyLog` with a bar; what is damaged is told with what it means here. */
export async function copied(from: string, into: string, before: string): Promise<Head> {
  const bar = progress('pages')
  try {
    return await copyLog(from, into, bar.at)
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    throw new Complaint(before + error.message, damaged)
  } finally {
    bar.stop()
  }
}

function takeKey(data: string, folder: string): void {
  if (!copyAdminKey(data, folder)) throw new Complaint(`${adminKeyFile(data)} is not there.`)
}

/** The one that was there goes only when the new one is whole. */
function putInPlace(partial: string, path: string): void {
  const old = `${partial}.old`
  const replaces = existsSync(path)
  if (replaces) renameSync(path, old)
  renameSync(partial, path)
  syncPath(dirname(path))
  if (replaces) rmSync(old, { recursive: true })
}

import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { adminKeyFile, copyAdminKey } from '../auth/first-start.js'
import type { Config } from '../config.js'
import { FolderLock, holderOf } from '../event-store/folder-lock.js'
import { unlikeItsSum } from '../event-store/sqlite/backup-folder.js'
import { holdsLog, installLog } from '../event-store/sqlite/install-log.js'
import { assertEmbedded, copied } from './backup.js'
import { Complaint } from './complaint.js'
import { endedBySignals, hearSignals } from './ended-by-signals.js'
import { assertSound, damaged, soundnessOf } from './verify.js'

/** Puts a backup in the place of the ledger of the data folder, which nobody may hold meanwhile. */
export async function restore(
  { data, store }: Config,
  backup: string,
  { force = false }: { readonly force?: boolean },
): Promise<void> {
  assertEmbedded(store, 'Restore the EventStoreDB by its own procedure.')
  await assertWhole(backup, data)
  const lock = FolderLock.acquire(data)
  try {
    if (holdsLog(data) && !force)
      throw new Complaint(
        `${data} holds a ledger. Name another folder with --data, or say --force: the old one is then set aside, not deleted.`,
      )
    await replace(data, backup)
  } finally {
    lock.release()
  }
}

async function assertWhole(backup: string, data: string): Promise<void> {
  for (const name of ['log.sqlite', 'log.head'])
    if (!existsSync(join(backup, name)))
      throw new Complaint(`${backup} is no backup of a ledger (no ${name} in it).`)
  if (existsSync(data) && realpathSync(backup) === realpathSync(data))
    throw new Complaint('The backup is the data folder itself.')
  if (holderOf(backup))
    throw new Complaint(`A ledger serves ${backup}: make a backup of it, and restore that.`)
  const unlike = await unlikeItsSum(backup)
  if (unlike)
    throw new Complaint(
      `${join(backup, unlike)} is not as it was backed up (SHA256SUMS): take another backup.`,
      damaged,
    )
}

async function replace(data: string, backup: string): Promise<void> {
  const partial = mkdtempSync(join(data, 'restore.partial-'))
  const end = endedBySignals(() => rmSync(partial, { recursive: true, force: true }))
  try {
    await copied(backup, partial, 'Nothing was restored. ')
    assertSound(partial, 'Nothing was restored. ')
    await hearSignals()
    const aside = installLog(data, partial, new Date().toISOString())
    if (aside) console.log(`The old ledger is in ${aside}.`)
    const hasKey = copyAdminKey(backup, data)
    console.log(`Restored. ${soundnessOf(assertSound(data, 'After restoring: '))}`)
    console.log('The views come back by themselves when it is served.')
    if (!hasKey)
      console.log(
        existsSync(adminKeyFile(data))
          ? `The backup holds no admin.key, and ${adminKeyFile(data)} is that of the ledger before: put the right one there, or make a key with “keys create”.`
          : `There is no admin.key: copy it to ${adminKeyFile(data)}, or make a key with “keys create”.`,
      )
  } finally {
    rmSync(partial, { recursive: true, force: true })
    end()
  }
}

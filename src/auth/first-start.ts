import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { newCorrelationId } from '../commands/attempt.js'
import { type Directory, organisationStream } from '../commands/directory.js'
import type { OrganisationStreams } from '../commands/handle-organisation.js'
import type { Asked } from '../commands/asked.js'
import { scopes } from '../organisation/scopes.js'
import { newApiKey } from './api-key.js'

/** The file in the data folder that holds the administrator's key. */
export const adminKeyFile = (folder: string) => join(folder, 'admin.key')

/**
 * Registers the administrator when nobody is registered yet; of several replicas one does. The key
 * file is written first: a crash in between leaves a file that opens nothing and is written anew,
 * never a key that nobody has.
 */
export async function firstStart(
  folder: string,
  streams: OrganisationStreams,
  directory: Directory,
): Promise<void> {
  if (directory.revision >= 0) return
  const { secret, ...made } = newApiKey()
  const file = adminKeyFile(folder)
  writeKey(file, secret)
  const asked: Asked = {
    actor: { type: 'SYSTEM', id: 'first-start' },
    correlationId: newCorrelationId(),
  }
  const { events } = await streams.attempt(
    organisationStream,
    async () => made,
    attempt => {
      if (attempt.expectedRevision >= 0) return
      const admin = { handle: 'admin', name: 'Administrator' }
      attempt.take({ type: 'RegisterPerson', data: admin }, asked)
      const [owner = ''] = attempt.state.people.keys()
      const data = { label: 'Administrator, from the first start', scopes: [...scopes], owner }
      attempt.take({ type: 'CreateApiKey', data }, asked)
    },
  )
  // Another replica was first: the administrator's key is where that one runs.
  if (events.length === 0) rmSync(file, { force: true })
  await directory.refresh()
}

/**
 * On disk when it returns, for its owner's eyes only: a file that lay there might be for more. It is
 * set aside, since it may be the key of another ledger that was served from this folder.
 */
function writeKey(path: string, secret: string): void {
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8').trim() === secret) return chmodSync(path, 0o600)
    renameSync(path, freeName(`${path}.old`))
  }
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, `${secret}\n`)
  fsyncSync(file)
  closeSync(file)
}

/** What was set aside before stays: it may be all that opens a ledger that was set aside with it. */
function freeName(path: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? path : `${path}-${n}`
    if (!existsSync(name)) return name
  }
}

/** Beside a copy of the ledger, as `writeKey` does it; false if there is no key. */
export function copyAdminKey(from: string, to: string): boolean {
  if (!existsSync(adminKeyFile(from))) return false
  writeKey(adminKeyFile(to), readFileSync(adminKeyFile(from), 'utf8').trim())
  return true
}

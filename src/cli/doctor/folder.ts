import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { adminKeyFile } from '../../auth/first-start.js'
import type { Holder } from '../../event-store/folder-lock.js'
import { codeOf } from '../../event-store/fault.js'
import { type Finding, findings } from './finding.js'

export function checkFolder(data: string): Finding[] {
  const say = findings('folder')
  const path = resolve(data)
  if (!existsSync(path)) return [checkParent(path)]
  const { mode, uid } = statSync(path)
  if (!statSync(path).isDirectory())
    return [say.bad(`${path} is a file.`, 'Name a folder in LEDGER_DATA or --data.')]
  const found: Finding[] = []
  const me = process.getuid?.()
  if (me !== undefined && uid !== me)
    found.push(
      say.warn(
        `${path} belongs to user ${uid}, and this is user ${me}.`,
        `Run as that user, or: chown -R ${me} ${path}`,
      ),
    )
  const refused = refusal(path, constants.R_OK | constants.W_OK | constants.X_OK)
  if (refused)
    found.push(say.bad(`${path} cannot be written (${refused}).`, writableTodo(refused, path)))
  if (mode & 0o077) found.push(say.warn(`Others may look into ${path}.`, `chmod 700 ${path}`))
  return found.length > 0 ? found : [say.ok(`${path}, for its owner alone.`)]
}

function checkParent(path: string): Finding {
  const say = findings('folder')
  let parent = dirname(path)
  while (!existsSync(parent)) parent = dirname(parent)
  const refused = refusal(parent, constants.W_OK | constants.X_OK)
  return refused
    ? say.bad(
        `${path} is not there, and cannot be made in ${parent} (${refused}).`,
        writableTodo(refused, parent),
      )
    : say.warn(
        `${path} is not there yet.`,
        'Nothing, if this is a new ledger: serve makes it. Else name the right one with --data.',
      )
}

export function checkKey(data: string, holdsLedger: boolean): Finding[] {
  const say = findings('admin key')
  const path = adminKeyFile(data)
  if (!holdsLedger) return []
  if (!existsSync(path))
    return [
      say.warn(
        `${path} is not there: the command line cannot ask a ledger that serves.`,
        'Copy it there, or stop the ledger and make a key with “keys create”.',
      ),
    ]
  if (statSync(path).mode & 0o077)
    return [say.bad(`Others may read ${path}, and do everything with it.`, `chmod 600 ${path}`)]
  return [say.ok(`${path}. Keep a copy of it in another place.`)]
}

/** What interrupted commands left, and what was set aside. */
export function checkLeftovers(data: string): Finding[] {
  const say = findings('leftovers')
  if (!existsSync(data) || !statSync(data).isDirectory() || refusal(data, constants.R_OK)) return []
  const names = readdirSync(data)
  const partial = names.filter(name => /\.partial-\w+$/.test(name))
  const aside = names.filter(name => name.startsWith('set-aside-'))
  return [
    ...(partial.length > 0
      ? [
          say.warn(
            `${partial.join(', ')}: a command was interrupted.`,
            'Delete it when no restore or recover runs.',
          ),
        ]
      : []),
    ...(aside.length > 0
      ? [
          say.ok(
            `${aside.join(', ')}: what a restore or recover set aside. Delete it when nobody needs it.`,
          ),
        ]
      : []),
  ]
}

export function checkLock(holder: Holder | undefined): Finding {
  const say = findings('lock')
  if (!holder) return say.ok('No ledger serves the folder now.')
  const who = `Process ${holder.pid ?? 'unknown'}`
  return holder.address
    ? say.ok(`${who} serves it at ${holder.address}.`)
    : say.ok(`${who} holds it, and serves nobody yet.`)
}

const writableTodo = (refused: string, path: string) =>
  refused === 'EROFS'
    ? 'The disk is mounted read-only: look into the system log for why, and mount it to be written.'
    : `Give it to the user that runs the ledger: chown -R <user> ${path}`

/** What the system says; undefined if it lets us. */
export function refusal(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode)
    return undefined
  } catch (error) {
    return codeOf(error)
  }
}

import { Misconfigured, misconfigured } from '../config.js'
import { StoreDamaged, StoreUnavailable } from '../event-store/event-store.js'
import { FolderLocked } from '../event-store/folder-lock.js'
import { Complaint } from './complaint.js'

const full = 'The disk is full: make room, and try again.'
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: full,
  SQLITE_FULL: full,
  EADDRINUSE: 'That port is in use: stop what holds it, or set LEDGER_PORT.',
  EACCES: 'Not allowed: the data folder, or the port, belongs to somebody else.',
  EADDRNOTAVAIL: 'LEDGER_HOST is not an address of this machine.',
  ENOTFOUND: 'LEDGER_HOST is not known.',
  ENOTDIR: 'LEDGER_DATA leads through a file.',
  EEXIST: 'LEDGER_DATA names a file, and must name a folder.',
  ENOENT: 'LEDGER_DATA cannot be made there.',
  EROFS: 'LEDGER_DATA is on a disk that cannot be written.',
  SQLITE_CANTOPEN: 'LEDGER_DATA cannot be written: give the folder to this user, or name another.',
  SQLITE_READONLY: 'LEDGER_DATA cannot be written: give the folder to this user, or name another.',
  SQLITE_READONLY_DIRECTORY:
    'LEDGER_DATA cannot be written: give the folder to this user, or name another.',
}

/** A replica has its history from the server, and goes on trying. */
const ofDamage =
  '“incident-ledger recover” shows what would be lost without a backup; “incident-ledger restore <backup> --force” loses what came after it.'

/** What the operator can mend is told in a line; of all else the stack tells more. */
export function reasonOf(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (error instanceof StoreDamaged) return `${message.replace(/\.?$/, '.')} ${ofDamage}`
  if (isPlain(error)) return message
  if (typeof code !== 'string') return `This is a fault of ours. ${stack ?? message}`
  return `${remedies[code] ?? 'The system refused it:'} (${message})`
}

/** What the process then ends with: 78 for a wrong configuration. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Misconfigured) return misconfigured
  return error instanceof Complaint ? error.exitCode : 1
}

const isPlain = (error: unknown) =>
  [Complaint, Misconfigured, FolderLocked, StoreDamaged, StoreUnavailable].some(
    kind => error instanceof kind,
  )

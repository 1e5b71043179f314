import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import { verify } from '../event-store/sqlite/verify.js'
import { Complaint } from './complaint.js'
import { progress } from './progress.js'

/** What `verify` exits with when the history is not what was written. */
export const damaged = 2

/** Checks every chain and the head, reading only; also while a ledger serves the folder. */
export function verifyFolder({ data }: Config): void {
  const isThere = (file: string) => existsSync(join(data, file))
  if (!isThere('log.sqlite') && isThere('log.head'))
    throw new Complaint(`The log of ${data} is gone (log.sqlite). Restore a backup.`, damaged)
  if (!isThere('log.sqlite')) throw new Complaint(`${data} holds no ledger (no log.sqlite in it).`)
  const bar = progress('events')
  const { events, streams, firstBad } = verify(data, ({ checked, total }) => bar.at(checked, total))
  bar.stop()
  if (!firstBad) {
    console.log(`${events} events in ${streams} streams: every chain and the head hold.`)
    return
  }
  const { position, stream, revision, what } = firstBad
  const place = stream === undefined ? '' : `, ${stream} revision ${revision}`
  throw new Complaint(
    `Damaged at position ${position}${place}: ${what}. Restore a backup.`,
    damaged,
  )
}

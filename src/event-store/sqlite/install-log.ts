import { cpSync, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { syncPath } from '../sync-path.js'

/** What belongs to a log, and what was made from it. */
const ofTheLog = /^(log\.(sqlite|head)|views\.\d+\.sqlite)/

/** Of a log that was there. */
export const holdsViews = (folder: string): boolean =>
  readdirSync(folder).some(name => ofTheLog.test(name) && name.startsWith('views.'))

export const holdsLog = (folder: string): boolean =>
  existsSync(join(folder, 'log.sqlite')) || existsSync(join(folder, 'log.head'))

/**
 * Puts the log of another folder on the same disk in the place of this one's; what was there is set
 * aside whole, never deleted. The caller holds the lock. Wherever it is cut off, the folder is not
 * served: the head record of before stays until the new log is there, and does not fit it.
 * Answers where the old one is, if there was one.
 */
export function installLog(folder: string, from: string, now: string): string | undefined {
  const aside = holdsLog(folder) ? setAside(folder, now) : undefined
  renameSync(join(from, 'log.sqlite'), join(folder, 'log.sqlite'))
  syncPath(folder)
  renameSync(join(from, 'log.head'), join(folder, 'log.head'))
  syncPath(folder)
  return aside
}

function setAside(folder: string, now: string): string {
  const aside = join(folder, `set-aside-${now.replaceAll(/[-:]|\.\d+/g, '')}`)
  mkdirSync(aside, { mode: 0o700 })
  const head = join(folder, 'log.head')
  if (existsSync(head)) cpSync(head, join(aside, 'log.head'))
  for (const name of readdirSync(folder).filter(name => ofTheLog.test(name)))
    if (name !== 'log.head') renameSync(join(folder, name), join(aside, name))
  syncPath(aside)
  syncPath(folder)
  return aside
}

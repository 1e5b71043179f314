import { readFileSync } from 'node:fs'
import { adminKeyFile } from '../auth/first-start.js'
import type { Config } from '../config.js'
import { holderOf } from '../event-store/folder-lock.js'
import { Complaint } from './complaint.js'
import { Board } from './watch-board.js'
import { type Asked, type Watcher, watchOpen } from './watch-connection.js'
import { Lines, Screen } from './watch-display.js'

export interface WatchOptions {
  readonly url?: string
  readonly keyFile?: string
}

/** Shows the open incidents and what becomes of them, until Ctrl-C. */
export async function watch(config: () => Config, options: WatchOptions): Promise<void> {
  const asked = askedOf(config, options)
  const over = new AbortController()
  const end = () => over.abort()
  process.once('SIGINT', end).once('SIGTERM', end)
  // Whoever read it has gone.
  process.stdout.on('error', end)
  const display = process.stdout.isTTY
    ? new Screen(process.stdout, asked.url.host)
    : new Lines(process.stdout, process.stderr)
  display.state('connecting')
  try {
    await watchOpen(asked, shownOn(display), over.signal)
  } finally {
    display.end()
    process.off('SIGINT', end).off('SIGTERM', end)
  }
}

function shownOn(display: Lines | Screen): Watcher {
  const board = new Board()
  let since: string | undefined
  return {
    listed(all, isCut) {
      since = undefined
      display.changed(board, board.list(all, isCut))
      display.state('live')
    },
    changed: (id, incident) => display.changed(board, board.take(id, incident)),
    lost(why) {
      since ??= new Date().toISOString()
      display.state(`not connected since ${since}: ${why}`)
    },
  }
}

/** The ledger that serves the folder, with its administrator’s key, or another with a key that is named. */
function askedOf(config: () => Config, { url, keyFile }: WatchOptions): Asked {
  if (url === undefined) {
    const { data } = config()
    const address = holderOf(data)?.address
    if (address === undefined)
      throw new Complaint(`No ledger serves ${data}: start it, or name another with --url.`)
    return { url: new URL(address), secret: keyIn(keyFile ?? adminKeyFile(data)) }
  }
  // The key that opens everything here is for nobody else.
  if (keyFile === undefined) throw new Complaint('With --url, name the file of a key: --key-file.')
  return { url: addressOf(url), secret: keyIn(keyFile) }
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search)
    throw new Complaint('--url must be the address of a ledger, such as http://127.0.0.1:4000.')
  return url
}

function keyIn(file: string): string {
  let key: string
  try {
    key = readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Complaint(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  if (!/^[\x21-\x7e]{1,4096}$/.test(key)) throw new Complaint(`${file} holds no key.`)
  return key
}

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Database } from '../sqlite.js'
import { codeOf } from './fault.js'

/** Who serves a folder, as it says itself; undefined until it has said so. */
export interface Holder {
  readonly pid: number | undefined
  /** Where it answers. */
  readonly address: string | undefined
}

/** Somebody else serves the folder. */
export class FolderLocked extends Error {
  constructor(readonly holder: Holder) {
    const who = holder.pid === undefined ? 'another process' : `process ${holder.pid}`
    const where = holder.address === undefined ? '' : ` at ${holder.address}`
    super(`The data folder is in use by ${who}${where}. Stop that one first, or ask it.`)
  }
}

/** Who only looks holds the lock for a moment; longer than this it is somebody who serves. */
const busyMsMax = 250

/**
 * One process serves a folder. The lock is an open transaction on a small database of its own, which
 * the operating system ends with the process, however that ends; beside it lies who holds it.
 */
export class FolderLock {
  /** A connection that is garbage-collected is closed, and its lock gone: so they are kept here. */
  static readonly #held = new Set<FolderLock>()

  private constructor(
    private readonly folder: string,
    private readonly db: Database,
  ) {}

  /** Makes the folder where there is none (0700). Throws FolderLocked. */
  static acquire(folder: string): FolderLock {
    makeFolder(resolve(folder))
    const db = new Database(`${folder}/lock.sqlite`, { timeout: busyMsMax })
    try {
      db.exec('begin exclusive')
      note(folder, { pid: process.pid })
      const lock = new FolderLock(folder, db)
      FolderLock.#held.add(lock)
      return lock
    } catch (error) {
      db.close()
      throw isBusy(error) ? new FolderLocked(noted(folder)) : error
    }
  }

  /** Tells others where the holder answers. */
  announce(address: string): void {
    note(this.folder, { pid: process.pid, address })
  }

  /** May be called again; then it does nothing. */
  release(): void {
    if (!this.db.open) return
    rmSync(noteIn(this.folder), { force: true })
    this.db.close()
    FolderLock.#held.delete(this)
  }
}

/** Who serves the folder now; undefined when nobody does, whatever a killed one left behind. */
export function holderOf(folder: string): Holder | undefined {
  const path = `${folder}/lock.sqlite`
  if (!existsSync(path)) return undefined
  const db = new Database(path, { readonly: true, timeout: 0 })
  try {
    db.prepare('select count(*) from sqlite_schema').get()
    return undefined
  } catch (error) {
    if (!isBusy(error)) throw error
    return noted(folder)
  } finally {
    db.close()
  }
}

const noteIn = (folder: string) => `${folder}/lock.json`

/** Whole or not at all, as others may be reading it. */
function note(folder: string, holder: Partial<Holder>): void {
  writeFileSync(`${noteIn(folder)}.new`, JSON.stringify(holder), { mode: 0o600 })
  renameSync(`${noteIn(folder)}.new`, noteIn(folder))
}

/** Between the lock and the note it is held, and not yet known by whom. */
function noted(folder: string): Holder {
  const text = existsSync(noteIn(folder)) ? readFileSync(noteIn(folder), 'utf8') : '{}'
  const { pid, address } = JSON.parse(text) as Partial<Holder>
  return { pid, address }
}

const isBusy = (error: unknown) => codeOf(error).startsWith('SQLITE_BUSY')

/** One by one: asked to make them all, Node 20 never returns where a parent like /proc takes none. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

import type { Position } from '../event-store.js'
import { codeOf, textOf } from '../fault.js'
import { HeadFile } from './head-file.js'
import { lookAtLog } from './log-file.js'
import { Verification } from './verification.js'

/** The first place in log order where the log is not what was written. */
export interface FirstBad {
  readonly position: Position
  readonly stream?: string
  readonly revision?: number
  readonly what: string
}
export interface Verified {
  /** Events found good. */
  readonly events: number
  readonly streams: number
  readonly firstBad?: FirstBad
}
export interface Progress {
  readonly checked: number
  readonly total: number
}

/**
 * Checks all that is stored when it begins: every link of every stream's chain, ids, revisions without a gap, the
 * columns against the bytes, the running hash, and the head record against the log. Yields between
 * chunks of some milliseconds; memory grows with the number of streams, not of events. It only
 * reads, so it may run beside a server. Throws StoreUnavailable where there is no log, and what SQLite says
 * where it may not be read.
 */
export function* verification(folder: string): Generator<Progress, Verified> {
  const head = HeadFile.look(folder)
  const db = lookAtLog(folder)
  let walk: Verification | undefined
  try {
    walk = new Verification(db, head)
    while (walk.chunk()) yield walk.progress()
    return walk.verified()
  } catch (error) {
    if (saysNothing.test(codeOf(error))) throw error
    // A page that SQLite cannot read is a bad place like any other.
    const position = BigInt(walk?.verified().events ?? 0) + 1n
    const firstBad = { position, what: `cannot be read: ${textOf(error)}` }
    return { ...(walk?.verified() ?? { events: 0, streams: 0 }), firstBad }
  } finally {
    db.close()
    head?.close()
  }
}

/** Who may not look, or has no room to, has found no damage. */
const saysNothing = /^SQLITE_(CANTOPEN|READONLY|BUSY|LOCKED|PERM|AUTH|NOMEM)/

/** The same in one go. */
export function verify(folder: string, onProgress: (progress: Progress) => void = () => {}) {
  const steps = verification(folder)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    onProgress(step.value)
  }
}

import { type Position, StoreDamaged } from '../event-store/event-store.js'
import { isDamaged } from './faults.js'
import type { Log } from './projector.js'
import { withViews } from './seen-log.js'
import { replaceLive } from './views-file.js'

/** Views of another log, or of one that was restored from before them, are begun anew. */
export function dropStrangers(folder: string, log: Log): void {
  const last = lastSeen(folder)
  if (!last || last.position === 0n || isIn(log, last)) return
  replaceLive(folder)
}

interface Seen {
  readonly position: Position
  readonly id: string | null
}

/** Undefined where there are no views, or none that are used as they are. */
function lastSeen(folder: string): Seen | undefined {
  try {
    return withViews(folder, db =>
      db.prepare<[], Seen>('select position, id from checkpoint').safeIntegers().get(),
    )
  } catch (error) {
    if (!isDamaged(error)) throw error
    return undefined
  }
}

/** A damaged event is not taken for another one: health tells of it. */
function isIn(log: Log, { position, id }: Seen): boolean {
  try {
    return log.readAll(position - 1n, 1)[0]?.id === id
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    return true
  }
}

import type { Position } from '../event-store/event-store.js'
import type { SeenHead, SeenLog } from '../event-store/verify-store.js'
import { Database } from '../sqlite.js'
import { fileOf, generation, isOurs } from './views-file.js'

/**
 * What the views of a folder have seen of the log. Undefined where there are none that this version can
 * read. Only reads, also beside a server.
 */
export const seenLog = (folder: string): SeenLog | undefined =>
  withViews(folder, db => db.transaction(() => seenIn(db))())

/** Undefined where there are no views that this version can read. */
export function withViews<Result>(
  folder: string,
  look: (db: Database) => Result,
): Result | undefined {
  const current = generation(folder)
  if (current === 0) return undefined
  const db = new Database(fileOf(folder, current), { readonly: true, fileMustExist: true })
  try {
    return isOurs(db) ? look(db) : undefined
  } finally {
    db.close()
  }
}

/** In one transaction, so that the last event and the heads are of one moment. */
function seenIn(db: Database): SeenLog {
  const { position, id } = db
    .prepare<[], { position: Position; id: string | null }>('select position, id from checkpoint')
    .safeIntegers()
    .get()!
  const heads = db
    .prepare<[], SeenHead>(
      `select 'incident-' || id as stream, revision, lastEvent as id from incident_list`,
    )
    .all()
  return { position, ...(id !== null && { id }), heads }
}

import { Bounded } from '../event-store/bounded.js'
import type { Database, Statement } from '../sqlite.js'

/** Filters combine to many texts; beyond this the one unused for longest is compiled anew. */
const statementsMax = 200

const cached = new WeakMap<Database, Bounded<string, Statement>>()

/** The statement, compiled once per connection. */
export function prepared<Parameters extends unknown[] = unknown[], Row = unknown>(
  db: Database,
  sql: string,
): Statement<Parameters, Row> {
  const known = cached.get(db) ?? new Bounded<string, Statement>(statementsMax)
  cached.set(db, known)
  const statement = known.get(sql) ?? db.prepare<unknown[]>(sql)
  known.set(sql, statement)
  return statement as Statement<Parameters, Row>
}

import type { Database, Statement } from '../sqlite.js'

/** Filters combine to many texts; beyond this the one unused for longest is compiled anew. */
const statementsMax = 200

const cached = new WeakMap<Database, Map<string, Statement>>()

/** The statement, compiled once per connection. */
export function prepared<Parameters extends unknown[] = unknown[], Row = unknown>(
  db: Database,
  sql: string,
): Statement<Parameters, Row> {
  const known = cached.get(db) ?? new Map<string, Statement>()
  cached.set(db, known)
  const statement = known.get(sql) ?? db.prepare<unknown[]>(sql)
  known.delete(sql)
  known.set(sql, statement)
  if (known.size > statementsMax) known.delete(known.keys().next().value!)
  return statement as Statement<Parameters, Row>
}

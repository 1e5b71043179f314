import { setImmediate } from 'node:timers/promises'
import { Rejected } from '../decider/facet.js'
import type { Viewer } from '../incident/membership.js'
import type { IncidentFilter } from '../schema.generated.js'
import type { Database } from '../sqlite.js'
import { filtersOf } from './list-incidents.js'
import { type Condition, limitOf } from './pages.js'
import { type SearchedIn, type TextRow, searchedIn } from './search-index.js'
import { type Part, type Piece, matching, partsOf, snippet } from './search-words.js'
import { seenBy } from './seen-by.js'
import { prepared } from './statements.js'

/** One text that was found. */
export interface Hit extends Omit<TextRow, 'seq' | 'text'> {
  readonly snippet: readonly Piece[]
}
export interface Hits {
  readonly edges: readonly { readonly cursor: string; readonly hit: Hit }[]
  /** Where the search stands; behind the last hit, if it ended there. */
  readonly endCursor: string | null
  readonly hasNextPage: boolean
}

/** Texts that are looked through at a time, without a pause for other requests: some 50 ms at the worst. */
const textsMax = 50_000
/** A search that found too little by then is answered with what there is, and where to go on. */
const budgetMs = 500
const cursorLengthMax = 100

/** How far a search is: in which kind of text, and before which of them. */
interface Place {
  readonly kind: number
  readonly before: number
}

/**
 * A page of what was found in incidents that are there for `viewer`: titles, then tasks, then observations, and of each the latest first. That
 * order depends on nothing that happens later, so pages neither repeat nor pass over a text. `views` is
 * asked for its database anew after every pause, for it may be another.
 */
export async function search(
  views: { readonly whole: Database },
  viewer: Viewer,
  query: string,
  filter: IncidentFilter,
  first: number,
  after?: string | null,
): Promise<Hits> {
  const limit = limitOf(first)
  const parts = partsOf(query)
  const conditions = [...filtersOf(filter, viewer), ...seenBy(viewer, 'id')]
  const endsAt = performance.now() + budgetMs
  const rows: TextRow[] = []
  let place: Place | undefined = after == null ? start(views.whole) : placeOf(after)
  while (place && rows.length < limit) {
    const floor = floorOf(views.whole, place)
    const wanted = limit - rows.length
    rows.push(...rowsIn(views.whole, parts, conditions, place, floor, wanted))
    place = floor > 0 ? { ...place, before: floor } : next(views.whole, place)
    if (performance.now() > endsAt) break
    await setImmediate()
  }
  return page(rows, parts, first, rows.length < limit ? place : undefined)
}

function rowsIn(
  db: Database,
  parts: readonly Part[],
  conditions: readonly Condition[],
  { kind, before }: Place,
  floor: number,
  limit: number,
): TextRow[] {
  const where = conditions.map(condition => ` and (${condition.where})`).join('')
  // Written so, SQLite asks the index first and looks at incidents only for what it found.
  const sql = `select seq, incident, kind, entry, revision, text
    from search_words cross join search_text on seq = search_words.rowid
    where search_words match ? and search_words.rowid < ? and search_words.rowid >= ?
      and exists (select 1 from incident_list where id = search_text.incident${where})
    order by search_words.rowid desc limit ?`
  return prepared<unknown[], TextRow>(db, sql).all(
    `${columns[searchedIn[kind]!]} : (${matching(parts)})`,
    before,
    floor,
    ...conditions.flatMap(({ values }) => values),
    limit,
  )
}

const columns: Record<SearchedIn, string> = {
  TITLE: 'titles',
  TASK: 'tasks',
  OBSERVATION: 'observations',
}

/** So many texts before; how far that is in the log, only the texts tell. */
const floorOf = (db: Database, { before }: Place): number =>
  prepared<[number, number], number>(
    db,
    'select seq from search_text where seq < ? order by seq desc limit 1 offset ?',
  )
    .pluck()
    .get(before, textsMax - 1) ?? 0

function start(db: Database, kind = 0): Place {
  const last = prepared<[], number | null>(db, 'select max(seq) from search_text').pluck().get()
  return { kind, before: (last ?? 0) + 1 }
}

const next = (db: Database, { kind }: Place): Place | undefined =>
  kind + 1 < searchedIn.length ? start(db, kind + 1) : undefined

function page(
  rows: readonly TextRow[],
  parts: readonly Part[],
  first: number,
  unfinished: Place | undefined,
): Hits {
  const edges = rows.slice(0, first).map(({ seq, text, ...hit }) => ({
    cursor: cursorOf({ kind: searchedIn.indexOf(hit.kind), before: seq }),
    hit: { ...hit, snippet: snippet(text, parts) },
  }))
  return {
    edges,
    endCursor: unfinished ? cursorOf(unfinished) : (edges.at(-1)?.cursor ?? null),
    hasNextPage: rows.length > first || unfinished !== undefined,
  }
}

const cursorOf = ({ kind, before }: Place) =>
  Buffer.from(`found ${kind} ${before}`).toString('base64url')

function placeOf(cursor: string): Place {
  const text = cursor.length > cursorLengthMax ? '' : Buffer.from(cursor, 'base64url').toString()
  const [, kind, before] = /^found ([012]) (\d{1,15})$/.exec(text) ?? []
  const place = { kind: Number(kind), before: Number(before) }
  if (kind === undefined || cursorOf(place) !== cursor)
    throw new Rejected('INVALID_CURSOR', 'This is no cursor of a search; begin without it.')
  return place
}

import { type Actor, Rejected } from '../decider/facet.js'
import { minutesAfter } from '../decider/instants.js'
import { isRunning } from '../incident/guards.js'
import type { Viewer } from '../incident/membership.js'
import { pendingDecisions } from '../incident/proposal.js'
import type { Database } from '../sqlite.js'
import { type Order, type Page, all, behind, limitOf, orderBy, pageOf } from './pages.js'
import type { ReadModel } from './read-model.js'
import { seenBy } from './seen-by.js'
import { prepared } from './statements.js'

interface Row {
  readonly incidentId: string
  readonly proposalId: string
  readonly text: string
  /** An actor, as JSON. */
  readonly proposer: string
  readonly at: string
  readonly decideBy: string
  readonly objections: number
  readonly strongObjections: number
}

/** A proposal that waits for a decision, as lists show it. */
export type Undecided = Omit<Row, 'proposer'> & { readonly by: Actor; readonly overdue: boolean }

/** One row per proposal that waits for a decision, of every incident whose response runs. */
export const undecided: ReadModel = {
  name: 'undecided',
  ddl: `
    create table undecided(
      incidentId text not null, proposalId text not null, text text not null, proposer text not null,
      at text not null, decideBy text not null, objections integer not null,
      strongObjections integer not null, primary key(incidentId, proposalId)) without rowid;
    create index undecided_by_age on undecided(at, proposalId, incidentId)`,
  apply(db, { id, before, incident }) {
    const isSo = before && isRunning(before) === isRunning(incident)
    if (isSo && slices.every(slice => before[slice] === incident[slice])) return
    prepared(db, 'delete from undecided where incidentId = ?').run(id)
    for (const { id: proposalId, text, by, at, decideBy, objections } of pendingDecisions(incident))
      prepared(db, 'insert into undecided values (?, ?, ?, ?, ?, ?, ?, ?)').run(
        id,
        proposalId,
        text,
        JSON.stringify(by),
        at,
        decideBy,
        objections.length,
        objections.filter(({ strong }) => strong).length,
      )
  },
}

/** What a proposal's row is made of, besides whether the response runs. */
const slices = ['proposals', 'decisions'] as const

const longestWaitingFirst: Order<Row> = {
  name: 'AGE',
  index: 'undecided_by_age',
  direction: 'asc',
  columns: ['at', 'proposalId', 'incidentId'],
}

/** A week: what waits longer is found all the same. */
const olderThanMinutesMax = 10_080

/** A page of what was proposed so many minutes ago or earlier and is there for `viewer`. */
export function listUndecided(
  db: Database,
  viewer: Viewer,
  olderThanMinutes: number,
  now: string,
  first: number,
  after?: string | null,
): Page<Undecided> {
  const limit = limitOf(first)
  const { where, values } = all(
    { where: 'at <= ?', values: [minutesAfter(now, -minutes(olderThanMinutes))] },
    ...seenBy(viewer, 'incidentId'),
    ...behind(longestWaitingFirst, after),
  )
  const sql = `select * from undecided indexed by ${longestWaitingFirst.index} where ${where}
    order by ${orderBy(longestWaitingFirst)} limit ?`
  const rows = prepared<unknown[], Row>(db, sql).all(...values, limit)
  return pageOf(longestWaitingFirst, rows, first, ({ proposer, ...row }) => ({
    ...row,
    by: JSON.parse(proposer) as Actor,
    overdue: row.decideBy < now,
  }))
}

function minutes(olderThan: number): number {
  if (!Number.isInteger(olderThan) || olderThan < 0 || olderThan > olderThanMinutesMax)
    throw new Rejected('INVALID_INPUT', `Older than 0 to ${olderThanMinutesMax} minutes.`, {
      fields: ['olderThanMinutes'],
    })
  return olderThan
}

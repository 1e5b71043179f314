import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Incident } from '../../src/incident/incident.js'
import { type Viewer, maySee } from '../../src/incident/membership.js'
import { type Task, tasksOf } from '../../src/incident/task.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import type { TaskFilter } from '../../src/schema.generated.js'
import type { Database } from '../../src/sqlite.js'
import { listTasks, taskCount } from '../../src/views/list-tasks.js'
import { exampleHistory, historyOf, people, stepsOf } from './support/histories.js'
import { type Ledger, withLedger } from './support/ledgers.js'
import { asPerson, everything } from './support/viewers.js'
import { untilSeen } from '../support/until-seen.js'

interface Known extends Task {
  incidentId: string
  incident: Incident
}

const tasksIn = ({ log }: Ledger): Known[] =>
  [...new Set(log.readAll(0n, 10_000).map(event => event.stream))].flatMap(stream => {
    const { incident } = incidentAt(log.read(stream, 0))
    const incidentId = stream.slice('incident-'.length)
    return tasksOf(incident).map(task => ({ ...task, incidentId, incident }))
  })

const isOpen = ({ status }: Task) => status !== 'COMPLETED' && status !== 'ABANDONED'
/** What is only told is never due, which is after every time. */
const due = ({ dueAt = '9999' }: Task) => dueAt
const minutesFrom = (now: string, minutes: number) =>
  new Date(Date.parse(now) + minutes * 60_000).toISOString()

/** What the words of the filter in the SDL say, told once more and plainly. */
const matches = (task: Known, filter: TaskFilter, now: string, viewer: Viewer) =>
  maySee(task.incident, viewer) &&
  task.incidentId === (filter.incidentId ?? task.incidentId) &&
  task.assignee === (filter.assignee ?? task.assignee) &&
  (!filter.mine || task.assignee === viewer.actor.id) &&
  (filter.status?.includes(task.status) ?? true) &&
  (!filter.unacknowledged || (isOpen(task) && !task.told && task.acknowledgedAt === undefined)) &&
  (!filter.extensionAsked || (isOpen(task) && task.extensionAsked !== undefined)) &&
  (!filter.overdue || (isOpen(task) && due(task) < now)) &&
  (filter.dueWithinMinutes == null ||
    (isOpen(task) && due(task) <= minutesFrom(now, filter.dueWithinMinutes)))

const statuses = ['ASSIGNED', 'ACKNOWLEDGED', 'IN_PROGRESS', 'COMPLETED', 'ABANDONED'] as const
const filters: fc.Arbitrary<TaskFilter> = fc.record(
  {
    incidentId: fc.constantFrom('0', '1', '2', 'none'),
    assignee: fc.constantFrom(...people),
    mine: fc.boolean(),
    status: fc.subarray([...statuses]),
    unacknowledged: fc.boolean(),
    overdue: fc.boolean(),
    extensionAsked: fc.boolean(),
    dueWithinMinutes: fc.integer({ min: 0, max: 1000 }),
  },
  { requiredKeys: [] },
)
const keys = [
  'incidentId',
  'assignee',
  'mine',
  'status',
  'unacknowledged',
  'overdue',
  'extensionAsked',
] as const
const single = [...keys, 'dueWithinMinutes' as const].map(key =>
  filters.map(filter => ({ [key]: filter[key] ?? null }) as TaskFilter),
)
const now = fc
  .integer({ min: 0, max: 1500 })
  .map(minutes => minutesFrom('2026-01-01T12:00:00.000Z', minutes))
const viewer = fc.constantFrom(...people.map(asPerson), everything)

const placeOf = (task: Known) => `${due(task)} ${task.id} ${task.incidentId}`

function pages(
  db: Database,
  viewer: Viewer,
  filter: TaskFilter,
  now: string,
  first: number,
): string[] {
  const found: string[] = []
  let after: string | undefined
  do {
    const page = listTasks(db, viewer, filter, now, first, after)
    found.push(
      ...page.edges.map(({ node }) => `${node.dueAt ?? '9999'} ${node.id} ${node.incidentId}`),
    )
    after = page.hasNextPage ? page.edges.at(-1)!.cursor : undefined
  } while (after)
  return found
}

test('the board holds what a plain filter over the folded tasks finds, next due first, page by page', () => {
  const found = new Set<number>()
  const asked = fc.tuple(fc.oneof(filters, ...single), now, viewer, fc.integer({ min: 1, max: 9 }))
  const round = () =>
    fc.assert(
      fc.property(
        stepsOf(3, 200, 100),
        fc.array(asked, { minLength: 40, maxLength: 40 }),
        (steps, asked) =>
          withLedger(historyOf(steps), ledger => {
            ledger.project()
            const all = tasksIn(ledger)
            ledger.views(db => {
              for (const [filter, now, viewer, first] of asked) {
                const wanted = all.filter(task => matches(task, filter, now, viewer)).map(placeOf)
                expect(pages(db, viewer, filter, now, first)).toEqual(wanted.toSorted())
                found.add(wanted.length)
              }
            })
          }),
      ),
      { numRuns: 40 },
    )
  untilSeen(round, () => {
    expect(found.size).toBeGreaterThan(8)
  })
})

test('the board shows of a task what its replay says', () =>
  withLedger(exampleHistory(3, 200), ledger => {
    ledger.project()
    const now = '2026-01-01T20:00:00.000Z'
    const { edges } = ledger.views(db => listTasks(db, everything, {}, now, 100))
    expect(edges.length).toBeGreaterThan(5)
    const known = tasksIn(ledger)
    for (const { node } of edges) {
      const task = known.find(
        ({ id, incidentId }) => id === node.id && incidentId === node.incidentId,
      )!
      const { extensionAsked: asked } = task
      expect(node).toEqual({
        incidentId: node.incidentId,
        id: task.id,
        title: task.title,
        status: task.status,
        assignee: task.assignee ?? null,
        viaRole: task.viaRole ?? null,
        assignedAt: task.assignedAt ?? null,
        assignedTiming: null,
        dueAt: task.dueAt ?? null,
        acknowledgedAt: task.acknowledgedAt ?? null,
        endedAt: task.endedAt ?? null,
        endedTiming: null,
        timeboxExpiredAt: task.timeboxExpiredAt ?? null,
        extensions: task.extensions,
        overdue: isOpen(task) && due(task) < now,
        extensionAsked: asked
          ? { minutes: asked.minutes, reason: asked.reason, at: asked.at }
          : null,
      })
    }
    expect(ledger.views(db => taskCount(db, '0'))).toBe(
      known.filter(({ incidentId }) => incidentId === '0').length,
    )
  }))

test.each([-1, 10_081, 0.5])('tasks due within %p minutes are not asked for', dueWithinMinutes =>
  withLedger([], ledger => {
    ledger.project()
    const now = '2026-01-01T20:00:00.000Z'
    expect(() =>
      ledger.views(db => listTasks(db, everything, { dueWithinMinutes }, now, 10)),
    ).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  }),
)

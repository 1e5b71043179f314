import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { SealedEvent, StoredEvent } from '../../src/event-store/stored-event.js'
import { statusOf, typeOf } from '../../src/incident/guards.js'
import type { Incident } from '../../src/incident/incident.js'
import { modes } from '../../src/incident/declaration.js'
import { effects } from '../../src/incident/incident-kinds.js'
import { incidentKinds, incidentTypes } from '../../src/incident/incident-kinds.js'
import { isMajor } from '../../src/incident/major.js'
import { severityLevels } from '../../src/incident/severity-levels.js'
import { type Viewer, maySee } from '../../src/incident/membership.js'
import { tasksOf } from '../../src/incident/task.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import type { IncidentFilter, IncidentOrder } from '../../src/schema.generated.js'
import type { Database } from '../../src/sqlite.js'
import { listIncidents } from '../../src/views/list-incidents.js'
import { declaredAs, eventOf } from './support/events.js'
import { exampleHistory, historyOf, people, services, stepsOf, words } from './support/histories.js'
import { asPerson, everything } from './support/viewers.js'
import { type Ledger, withLedger } from './support/ledgers.js'
import { untilSeen } from '../support/until-seen.js'

const statuses = [
  'TRIAGE',
  'ACTIVE',
  'MITIGATED',
  'RESOLVED',
  'POST_INCIDENT',
  'CLOSED',
  'CANCELLED',
  'DECLINED',
] as const
const orders: IncidentOrder[] = [
  'DECLARED_LATEST',
  'DECLARED_EARLIEST',
  'CHANGED_LATEST',
  'SEVERITY_WORST',
]
const order = fc.constantFrom(...orders)

interface Known {
  id: string
  incident: Incident
  last: StoredEvent
}

/** Every incident of the log, folded as a replay folds it. */
const foldedOf = ({ log }: Ledger): Known[] =>
  [...new Set(log.readAll(0n, 10_000).map(event => event.stream))].map(stream => {
    const { incident, events } = incidentAt(log.read(stream, 0))
    return { id: stream.slice('incident-'.length), incident, last: events.at(-1)! }
  })

/** What the words of the filter in the SDL say, told once more and plainly. */
function matches({ incident }: Known, filter: IncidentFilter): boolean {
  const { declaration, severity, handoff } = incident
  const from = filter.declaredFrom ?? ''
  const before = filter.declaredBefore ?? '~'
  return (
    (filter.status?.includes(statusOf(incident) as never) ?? true) &&
    (filter.severity?.includes(severity.level) ?? true) &&
    (filter.mode?.includes(declaration.mode) ?? true) &&
    typeOf(incident) === (filter.type ?? typeOf(incident)) &&
    incident.kind.is === (filter.kind ?? incident.kind.is) &&
    isMajor(incident) === (filter.isMajor ?? isMajor(incident)) &&
    declaration.effect === (filter.effect ?? declaration.effect) &&
    (filter.service == null || incident.services.keys.includes(filter.service)) &&
    handoff.commander === (filter.commander ?? handoff.commander) &&
    declaration.declaredAt >= from &&
    declaration.declaredAt < before &&
    finds(declaration, filter.search ?? '')
  )
}

const finds = ({ title, reference }: Incident['declaration'], search: string) =>
  search.split(' ').every(word => title.toLowerCase().includes(word.toLowerCase())) ||
  reference.startsWith(search.trim().toUpperCase())

const badness = ({ incident }: Known) =>
  incident.severity.level === 'UNDETERMINED' ? 'SEV1' : incident.severity.level
const declaredAt = ({ incident }: Known) => incident.declaration.declaredAt
const latestDeclared = (a: Known, b: Known) =>
  -compared(declaredAt(a), declaredAt(b)) || -compared(a.id, b.id)
const compared = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const sorts: Record<IncidentOrder, (a: Known, b: Known) => number> = {
  DECLARED_LATEST: latestDeclared,
  DECLARED_EARLIEST: (a, b) => -latestDeclared(a, b),
  CHANGED_LATEST: (a, b) =>
    -compared(a.last.recordedAt, b.last.recordedAt) || -compared(a.id, b.id),
  SEVERITY_WORST: (a, b) => compared(badness(a), badness(b)) || latestDeclared(a, b),
}

const some = <T>(...all: readonly T[]) => fc.subarray([...all])
const instant = fc
  .integer({ min: 0, max: 600 })
  .map(minute => new Date(Date.UTC(2026, 0, 1, 12) + minute * 60_000).toISOString())
const filters: fc.Arbitrary<IncidentFilter> = fc.record(
  {
    status: some(...statuses),
    severity: some(...severityLevels),
    type: fc.constantFrom(...incidentTypes),
    kind: fc.constantFrom(...incidentKinds),
    isMajor: fc.boolean(),
    mode: some(...modes),
    effect: fc.constantFrom(...effects),
    service: fc.constantFrom(...services, 'none'),
    commander: fc.constantFrom(...people),
    declaredFrom: instant,
    declaredBefore: instant,
    search: fc.constantFrom(
      ...words,
      'DOWN api',
      '%',
      '_',
      'ÜBER',
      'inc-1',
      'INC-',
      'nowhere',
      ' ',
    ),
  },
  { requiredKeys: [] },
)
/** All of them at once would find nothing most of the time. */
const filter = fc
  .tuple(filters, fc.subarray(['status', 'search', 'mode', 'service', 'declaredFrom', 'severity']))
  .map(([filter, kept]) =>
    Object.fromEntries(Object.entries(filter).filter(([key], i) => kept.includes(key) || i === 3)),
  )
const viewer = fc.constantFrom(everything, ...people.map(asPerson))
const anyFilter = fc.oneof(filters, filter, ...single())

function single(): fc.Arbitrary<IncidentFilter>[] {
  const keys = ['status', 'severity', 'type', 'mode', 'effect', 'service', 'commander', 'search']
  return [...keys, 'declaredFrom', 'declaredBefore'].map(key =>
    filters.map(filter => ({ [key]: filter[key as 'status'] ?? null })),
  )
}

function pages(
  db: Database,
  viewer: Viewer,
  filter: IncidentFilter,
  order: IncidentOrder,
  first: number,
) {
  const found: string[] = []
  let after: string | undefined
  do {
    const page = listIncidents(db, viewer, filter, order, first, after)
    found.push(...page.edges.map(edge => edge.node.id))
    after = page.hasNextPage ? page.edges.at(-1)!.cursor : undefined
    expect(page.edges.length).toBeLessThanOrEqual(first)
  } while (after)
  return found
}

test('a list holds what a plain filter over the folded incidents finds, in order, page by page', () => {
  const found = new Set<number>()
  const round = () =>
    fc.assert(
      fc.property(
        stepsOf(12, 150, 30),
        fc.array(fc.tuple(anyFilter, order, fc.integer({ min: 1, max: 5 }), viewer), {
          minLength: 40,
          maxLength: 40,
        }),
        (steps, asked) =>
          withLedger(historyOf(steps), ledger => {
            ledger.project()
            const all = foldedOf(ledger)
            ledger.views(db => {
              for (const [filter, order, first, viewer] of asked) {
                const seen = all.filter(({ incident }) => maySee(incident, viewer))
                const wanted = seen.filter(one => matches(one, filter)).toSorted(sorts[order])
                expect(pages(db, viewer, filter, order, first)).toEqual(wanted.map(({ id }) => id))
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

/** More than a narrow filter leaves, so that the index of the order is followed instead. */
const manyIncidents = 1500
function many(): SealedEvent[] {
  return [...Array(manyIncidents).keys()].flatMap(n => {
    const clock = new Date(Date.UTC(2026, 0, 1, 12, n % 600)).toISOString()
    const declared = declaredAs(`${n}`, clock, n % 9 === 0 ? 'DRILL' : 'LIVE')
    const next = (type: string, data: object, before: SealedEvent[]) =>
      eventOf(`incident-${n}`, before, { type, data, clock })
    const set = next('ServicesSet', { services: n % 7 === 0 ? ['db'] : ['api', 'db'] }, [declared])
    const level = n % 11 === 0 ? 'SEV3' : 'UNDETERMINED'
    const severity = next('SeveritySet', { level }, [declared, set])
    return [declared, set, severity]
  })
}

test('a filter that leaves many incidents finds the same ones as a plain filter', () =>
  withLedger(many(), ledger => {
    ledger.project()
    const all = foldedOf(ledger)
    expect(all).toHaveLength(manyIncidents)
    ledger.views(db =>
      fc.assert(
        fc.property(anyFilter, order, viewer, (filter, order, viewer) => {
          const seen = all.filter(({ incident }) => maySee(incident, viewer))
          const wanted = seen.filter(one => matches(one, filter)).toSorted(sorts[order])
          expect(pages(db, viewer, filter, order, 100)).toEqual(wanted.map(({ id }) => id))
        }),
        { numRuns: 200 },
      ),
    )
  }))

test('a list shows of an incident what its replay says', () =>
  withLedger(exampleHistory(6, 200), ledger => {
    ledger.project()
    const { edges } = ledger.views(db =>
      listIncidents(db, everything, {}, 'DECLARED_EARLIEST', 100),
    )
    expect(edges).toHaveLength(6)
    for (const { node } of edges) {
      const { incident, last } = foldedOf(ledger).find(({ id }) => id === node.id)!
      const { title, reference, mode, effect } = incident.declaration
      expect(node).toEqual({
        id: node.id,
        visibility: incident.visibility.level,
        title,
        reference,
        type: typeOf(incident),
        kind: incident.kind.is,
        isMajor: isMajor(incident),
        mode,
        effect,
        declaredAt: incident.declaration.declaredAt,
        status: statusOf(incident),
        severity: incident.severity.level,
        effectiveSeverity:
          incident.severity.level === 'UNDETERMINED' ? 'SEV1' : incident.severity.level,
        services: incident.services.keys,
        labels: incident.labels.all,
        commander: incident.handoff.commander,
        openTasks: tasksOf(incident).filter(({ endedAt }) => endedAt === undefined).length,
        changedAt: last.recordedAt,
        revision: last.revision,
        quarantined: false,
      })
    }
  }))

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { timersOf } from '../../src/incident/timers.js'
import { evolved, incidentAt } from '../../src/replays/incident-at.js'
import { incidents } from '../../src/incident/incident.js'
import type { Database } from '../../src/sqlite.js'
import { countTimers, dueTimers, nextDueAt, timers } from '../../src/views/timers.js'
import { declaredAs, eventOf } from './support/events.js'
import { historyOf, stepsOf } from './support/histories.js'
import { type Ledger, withLedger } from './support/ledgers.js'
import { untilSeen } from '../support/until-seen.js'

const far = '9999-12-31T23:59:59.999Z'
const assigned = (stream: ReturnType<typeof declaredAs>[], n: number, dueAt: string) =>
  eventOf(stream[0]!.stream, stream, {
    type: 'TaskAssigned',
    data: { taskId: `task-${n}`, title: 'Look', assignee: 'bob', dueAt },
  })

/** Nobody is needed then. */
const unneeded = (stream: ReturnType<typeof declaredAs>[]) =>
  eventOf(stream[0]!.stream, stream, { type: 'SeveritySet', data: { level: 'SEV2' } })

/** What the folded incidents say, in the order of the view. */
const armed = ({ log }: Ledger, ids: readonly string[]) =>
  ids
    .flatMap(incidentId =>
      timersOf(incidentAt(log.read(`incident-${incidentId}`, 0)).incident).map(timer => ({
        incidentId,
        ...timer,
      })),
    )
    .toSorted((a, b) =>
      [a.dueAt, a.incidentId, a.kind, a.subject] < [b.dueAt, b.incidentId, b.kind, b.subject]
        ? -1
        : 1,
    )

test('the view holds what the folded incidents say is still to fire, the next due first', () => {
  let most = 0
  const round = () =>
    fc.assert(
      fc.property(
        stepsOf(3, 120),
        fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
        (steps, size) =>
          withLedger(historyOf(steps, true), ledger => {
            for (let n = 0; n < 5; n++) ledger.project(size.next().value)
            ledger.project()
            const rows = ledger.views(db => dueTimers(db, far, 1000))
            expect(rows).toEqual(armed(ledger, ['0', '1', '2']))
            most = Math.max(most, rows.length)
          }),
      ),
      { numRuns: 60 },
    )
  untilSeen(round, () => {
    expect(most).toBeGreaterThan(0)
  })
})

test('what is due is told apart from what comes next, the due time itself being due', () => {
  const one = [declaredAs('one', '2026-01-01T12:00:00.000Z')]
  one.push(unneeded(one))
  for (const [n, minute] of ['20', '10', '30'].entries())
    one.push(assigned(one, n, `2026-01-01T12:${minute}:00.000Z`))
  withLedger(one, ledger => {
    ledger.project()
    ledger.views(db => {
      const due = (now: string, limit = 10) =>
        dueTimers(db, `2026-01-01T12:${now}Z`, limit).map(({ subject }) => subject)
      expect(due('09:59.999')).toEqual([])
      expect(due('10:00.000')).toEqual(['task-1'])
      expect(due('59:00.000', 2)).toEqual(['task-1', 'task-0'])
      expect(nextDueAt(db, '2026-01-01T12:10:00.000Z')).toBe('2026-01-01T12:20:00.000Z')
      expect(nextDueAt(db, far)).toBeUndefined()
      expect(countTimers(db, '2026-01-01T12:20:00.000Z')).toEqual({ armed: 3, due: 2 })
    })
  })
})

test('an event that touches no task asks nothing of the database', () => {
  const log = [declaredAs('one', '2026-01-01T12:00:00.000Z')]
  log.push(unneeded(log))
  log.push(assigned(log, 1, '2026-01-01T12:15:00.000Z'))
  for (const [type, data] of [
    ['ObservationRecorded', { text: 'Errors rise' }],
    ['IncidentMitigated', { summary: 'Rolled back' }],
  ] as const)
    log.push(eventOf('incident-one', log, { type, data }))
  const untouched = {
    prepare: () => {
      throw new Error('It was asked')
    },
  } as unknown as Database
  withLedger(log, ledger => {
    const [first, second, third, ...rest] = ledger.log.read('incident-one', 0)
    let before = [first!, second!, third!].reduce(evolved, incidents.initial)
    expect(timersOf(before)).toHaveLength(1)
    for (const last of rest) {
      const incident = evolved(before, last)
      timers.apply(untouched, { id: 'one', before, incident, last })
      before = incident
    }
  })
})

import { readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Projector } from '../../src/views/projector.js'
import { Rebuild } from '../../src/views/rebuild.js'
import { eventOf } from './support/events.js'
import { exampleHistory, historyOf, stepsOf } from './support/histories.js'
import { tablesOf, withLedger } from './support/ledgers.js'
import { untilSeen } from '../support/until-seen.js'

const slices = fc.infiniteStream(fc.integer({ min: 1, max: 40 }))

test('a rebuild gives the same rows as following the log, in whatever slices and with restarts', () => {
  const most = { incidents: 0, texts: 0, waiting: 0, tasks: 0, timers: 0, expired: 0 }
  const round = () =>
    fc.assert(
      fc.property(
        stepsOf(5, 150),
        slices,
        fc.infiniteStream(fc.boolean()),
        (steps, slices, restarts) => {
          withLedger([], ledger => {
            let projector = new Projector(ledger.folder, ledger.log)
            for (let events = historyOf(steps, true); events.length > 0;) {
              ledger.append(events.splice(0, slices.next().value))
              projector.catchUp(slices.next().value)
              if (!restarts.next().value) continue
              projector.close()
              projector = new Projector(ledger.folder, ledger.log)
            }
            projector.catchUp()
            projector.close()
            const live = ledger.views(tablesOf)
            const rebuild = Rebuild.start(ledger.folder, ledger.log)
            while (!rebuild.step(slices.next().value).done);
            rebuild.finish()
            expect(ledger.views(tablesOf)).toEqual(live)
            most.incidents = Math.max(most.incidents, live['incident_list']!.length)
            most.tasks = Math.max(most.tasks, live['task_board']!.length)
            most.texts = Math.max(most.texts, live['search_text']!.length)
            most.waiting = Math.max(most.waiting, live['counterpart_waiting']!.length)
            most.timers = Math.max(most.timers, live['timers']!.length)
            const expired = live['task_board']!.filter(
              row => !row.includes('"timeboxExpiredAt":null'),
            )
            most.expired = Math.max(most.expired, expired.length)
          })
        },
      ),
      { numRuns: 50 },
    )
  untilSeen(round, () => {
    expect(most.incidents).toBe(5)
    expect(most.tasks).toBeGreaterThan(3)
    expect(most.texts).toBeGreaterThan(10)
    expect(most.waiting).toBeGreaterThan(0)
    expect(most.timers).toBeGreaterThan(1)
    expect(most.expired).toBeGreaterThan(0)
  })
})

test('a rebuild of more incidents than it writes at a time holds them all', () => {
  const declared = [...Array(450).keys()].map(n =>
    eventOf(`incident-${n}`, [], {
      type: 'IncidentDeclared',
      data: { reference: `INC-${n}`, title: 'x', type: 'SERVICE', mode: 'LIVE', status: 'ACTIVE' },
    }),
  )
  withLedger(declared, ledger => {
    ledger.project()
    const live = ledger.views(tablesOf)
    expect(live['incident_list']).toHaveLength(450)
    const rebuild = Rebuild.start(ledger.folder, ledger.log)
    while (!rebuild.step(100).done);
    rebuild.finish()
    expect(ledger.views(tablesOf)).toEqual(live)
  })
})

test('an interrupted rebuild leaves no trace', () =>
  withLedger(exampleHistory(3, 60), ledger => {
    ledger.project()
    const before = ledger.views(tablesOf)
    Rebuild.start(ledger.folder, ledger.log).step(10)
    expect(readdirSync(ledger.folder)).toContain('views.next.sqlite')
    ledger.project()
    expect(readdirSync(ledger.folder).filter(name => name.startsWith('views'))).toEqual([
      'views.1.sqlite',
    ])
    expect(ledger.views(tablesOf)).toEqual(before)
  }))

test('a rebuild that is given up leaves the live views, and one that is not done cannot finish', () =>
  withLedger(exampleHistory(3, 60), ledger => {
    ledger.project()
    const rebuild = Rebuild.start(ledger.folder, ledger.log)
    expect(rebuild.step(5).done).toBe(false)
    expect(() => rebuild.finish()).toThrow('BUILDING')
    rebuild.abandon()
    expect(() => rebuild.step(5)).toThrow('OVER')
    expect(readdirSync(ledger.folder).filter(name => name.startsWith('views'))).toEqual([
      'views.1.sqlite',
    ])
  }))

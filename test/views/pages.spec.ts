import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { IncidentFilter, IncidentOrder } from '../../src/schema.generated.js'
import { incidentIdOf } from '../../src/views/known-incidents.js'
import { listIncidents } from '../../src/views/list-incidents.js'
import { declaredAs } from './support/events.js'
import { exampleHistory } from './support/histories.js'
import { everything } from './support/viewers.js'
import { withLedger } from './support/ledgers.js'

const order = fc.constantFrom<IncidentOrder[]>(
  'DECLARED_LATEST',
  'DECLARED_EARLIEST',
  'CHANGED_LATEST',
  'SEVERITY_WORST',
)

const declaredOn = (day: number) =>
  declaredAs(`${day}`, new Date(Date.UTC(2026, 0, day)).toISOString())

test('whoever walks the pages meets every incident once, also while others are declared', () =>
  fc.assert(
    fc.property(
      order,
      fc.integer({ min: 1, max: 7 }),
      fc.shuffledSubarray([...Array(28).keys()], { minLength: 28 }),
      (order, first, days) =>
        withLedger(
          days.slice(0, 14).map(day => declaredOn(day + 1)),
          ledger => {
            ledger.project()
            const later = days.slice(14)
            const met: string[] = []
            for (let after: string | undefined, more = true; more;) {
              const page = ledger.views(db =>
                listIncidents(db, everything, {}, order, first, after),
              )
              met.push(...page.edges.map(({ node }) => node.id))
              after = page.edges.at(-1)?.cursor
              more = page.hasNextPage
              ledger.append(later.splice(0, 3).map(day => declaredOn(day + 1)))
              ledger.project()
            }
            expect(new Set(met).size).toBe(met.length)
            expect(met).toEqual(
              expect.arrayContaining(days.slice(0, 14).map(day => String(day + 1))),
            )
          },
        ),
    ),
    { numRuns: 40 },
  ))

describe('a list', () => {
  const list = (...asked: [IncidentFilter, IncidentOrder, number, string?]) =>
    withLedger(exampleHistory(3, 20), ledger => {
      ledger.project()
      return ledger.views(db => listIncidents(db, everything, ...asked))
    })
  const cursor = list({}, 'DECLARED_LATEST', 1).edges[0]!.cursor
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

  test.each([
    ['empty', ''],
    ['of another order', list({}, 'CHANGED_LATEST', 1).edges[0]!.cursor],
    ['cut', cursor.slice(0, -1)],
    ['with something behind', `${cursor}=`],
    ['no JSON', Buffer.from('{').toString('base64url')],
    ['no list', encoded({ length: 3 })],
    ['with too few keys', encoded(['DECLARED_LATEST', 'x'])],
    ['with a key of another kind', encoded(['DECLARED_LATEST', {}, 'x'])],
    ['with a key that is null', encoded(['DECLARED_LATEST', null, 'x'])],
    ['with a number that is none', encoded(['DECLARED_LATEST', 1e300, 'x'])],
    ['longer than any of ours', encoded(['DECLARED_LATEST', 'x'.repeat(2000), 'x'])],
    ['of the Array prototype', encoded(['__proto__', 'x', 'x'])],
  ])('refuses a cursor that is %s', (_, after) =>
    expect(() => list({}, 'DECLARED_LATEST', 1, after)).toThrow(
      expect.objectContaining({ code: 'INVALID_CURSOR' }),
    ),
  )

  test.each([0, -1, 101, 1.5, NaN])('refuses a page of %p', first =>
    expect(() => list({}, 'DECLARED_LATEST', first)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    ),
  )

  test('refuses a search of more than 200 characters', () =>
    expect(() => list({ search: 'x'.repeat(201) }, 'DECLARED_LATEST', 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    ))

  test('of incidents is found by reference in any case', () =>
    withLedger(exampleHistory(3, 20), ledger => {
      ledger.project()
      expect(ledger.views(db => incidentIdOf(db, everything, 'inc-2'))).toBe('1')
      expect(ledger.views(db => incidentIdOf(db, everything, 'INC-'))).toBeUndefined()
    }))
})

import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { maySee } from '../../src/incident/membership.js'
import { pendingDecisions } from '../../src/incident/proposal.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import { type Undecided, listUndecided } from '../../src/views/undecided.js'
import { exampleHistory, historyOf, people, stepsOf } from './support/histories.js'
import { type Ledger, withLedger } from './support/ledgers.js'
import { asPerson, everything } from './support/viewers.js'
import { untilSeen } from '../support/until-seen.js'

/** Every proposal that waits, as its incident's stream says, and that incident. */
const waitingIn = ({ log }: Ledger) =>
  [...new Set(log.readAll(0n, 10_000).map(event => event.stream))].flatMap(stream => {
    const { incident } = incidentAt(log.read(stream, 0))
    return pendingDecisions(incident).map(proposal => ({
      incident,
      row: {
        incidentId: stream.slice('incident-'.length),
        proposalId: proposal.id,
        text: proposal.text,
        by: proposal.by,
        at: proposal.at,
        decideBy: proposal.decideBy,
        overdue: proposal.decideBy < now,
        objections: proposal.objections.length,
        strongObjections: proposal.objections.filter(({ strong }) => strong).length,
      },
    }))
  })
const placeOf = ({ at, proposalId, incidentId }: Undecided) => `${at} ${proposalId} ${incidentId}`
const minutesBefore = (now: string, minutes: number) =>
  new Date(Date.parse(now) - minutes * 60_000).toISOString()
/** In the midst of what is proposed here. */
const now = '2026-01-02T06:00:00.000Z'

test('what waits is listed to whom it is open, the longest waiting first, page by page', () => {
  const found = new Set<number>()
  const objectedTo = new Set<number>()
  const viewer = fc.constantFrom(...people.map(asPerson), everything)
  const asked = fc.tuple(viewer, fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 5 }))
  const round = () =>
    fc.assert(
      fc.property(
        stepsOf(3, 120, 80),
        fc.array(asked, { minLength: 10, maxLength: 10 }),
        (steps, asked) =>
          withLedger(historyOf(steps), ledger => {
            // In two steps, so that rows are changed and not only written.
            ledger.project(40)
            ledger.project()
            const all = waitingIn(ledger)
            for (const [viewer, minutes, first] of asked) {
              const wanted = all
                .filter(
                  ({ incident, row }) =>
                    maySee(incident, viewer) && row.at <= minutesBefore(now, minutes),
                )
                .map(({ row }) => row)
                .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
              const listed: Undecided[] = []
              let after: string | undefined
              do {
                const page = ledger.views(db =>
                  listUndecided(db, viewer, minutes, now, first, after),
                )
                listed.push(...page.edges.map(({ node }) => node))
                after = page.hasNextPage ? page.edges.at(-1)!.cursor : undefined
              } while (after)
              expect(listed).toEqual(wanted)
              wanted.forEach(({ objections }) => objectedTo.add(objections))
              found.add(wanted.length)
            }
          }),
      ),
      { numRuns: 20 },
    )
  untilSeen(round, () => {
    expect(found.size).toBeGreaterThan(3)
    expect(objectedTo.size).toBeGreaterThan(1)
  })
})

test.each([-1, 10_081, 0.5])('what is older than %p minutes is not asked for', minutes =>
  withLedger(exampleHistory(1, 5), ledger => {
    ledger.project()
    expect(() => ledger.views(db => listUndecided(db, everything, minutes, now, 10))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    )
  }),
)

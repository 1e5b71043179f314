import { describe, expect, test } from '@jest/globals'
import type { SealedEvent } from '../../src/event-store/stored-event.js'
import { search } from '../../src/views/search.js'
import { type Happened, declaredAs, eventOf } from './support/events.js'
import { Ledger, tablesOf } from './support/ledgers.js'

const noon = '2026-01-01T12:00:00.000Z'

const viewer = { actor: { type: 'USER', id: 'ada' }, isAdmin: false } as const

/** What one incident says, event after event. */
function told(id: string, ...happened: readonly Pick<Happened, 'type' | 'data'>[]): SealedEvent[] {
  const events = [declaredAs(id, noon)]
  for (const one of happened) events.push(eventOf(`incident-${id}`, events, one))
  return events
}
const saw = (text: string) => ({ type: 'ObservationRecorded', data: { text } })
const task = (taskId: string, title: string) => ({
  type: 'TaskAssigned',
  data: { taskId, title, assignee: 'ada', dueAt: noon },
})

async function foundIn(
  ledger: Ledger,
  query: string,
  { filter = {}, first = 100, after }: { filter?: object; first?: number; after?: string } = {},
) {
  return ledger.reading(views => search({ whole: views.db }, viewer, query, filter, first, after))
}
const short = async (...asked: Parameters<typeof foundIn>) =>
  (await foundIn(...asked)).edges.map(
    ({ hit: { incident, kind, revision } }) => `${kind} of ${incident} at ${revision}`,
  )

async function withLedger(
  events: readonly SealedEvent[],
  use: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  const ledger = new Ledger()
  try {
    ledger.append(events)
    ledger.project()
    await use(ledger)
  } finally {
    ledger.close()
  }
}

describe('a search', () => {
  test('finds titles, then tasks, then what was observed, the latest first', () =>
    withLedger(
      [
        ...told('1', saw('The API is slow'), task('t-1', 'Look at the API'), saw('Nothing')),
        ...told('2', saw('The api again')),
      ],
      async ledger =>
        expect(await short(ledger, 'api')).toEqual([
          'TITLE of 2 at 0',
          'TITLE of 1 at 0',
          'TASK of 1 at 2',
          'OBSERVATION of 2 at 1',
          'OBSERVATION of 1 at 1',
        ]),
    ))

  test('finds words in a row, beginnings and characters without spaces between them', () =>
    withLedger(
      told('1', saw('Lock waits rise'), saw('waits, then a lock'), saw('数据库宕机')),
      async ledger => {
        expect(await short(ledger, 'lock waits')).toHaveLength(2)
        expect(await short(ledger, '"lock waits"')).toEqual(['OBSERVATION of 1 at 1'])
        expect(await short(ledger, 'wai*')).toHaveLength(2)
        expect(await short(ledger, 'wai')).toEqual([])
        expect(await short(ledger, '据库')).toEqual(['OBSERVATION of 1 at 3'])
        expect(await short(ledger, '库据')).toEqual([])
      },
    ))

  test('finds what was corrected as it was corrected, and not what was retracted', async () => {
    const events = told('1', saw('The disk is full'), saw('The moon is full'))
    const [, disk, moon] = events
    const amend = (type: string, { id }: SealedEvent, more: object) =>
      events.push(
        eventOf('incident-1', events, { type, data: { eventId: id, reason: 'x', ...more } }),
      )
    amend('EntryCorrected', disk!, { text: 'The queue is full' })
    amend('EntryCorrected', disk!, { occurredAt: noon })
    amend('EntryRetracted', moon!, {})
    amend('EntryCorrected', moon!, { text: 'The moon is back' })
    events.push(eventOf('incident-1', events, { type: 'TitleChanged', data: { title: 'Queues' } }))
    await withLedger(events, async ledger => {
      expect(await short(ledger, 'disk')).toEqual([])
      expect(await short(ledger, 'api')).toEqual([])
      expect(await short(ledger, 'queues')).toEqual(['TITLE of 1 at 7'])
      expect(await short(ledger, 'full')).toEqual(['OBSERVATION of 1 at 3'])
      expect(await short(ledger, 'queue')).toEqual(['OBSERVATION of 1 at 3'])
    })
  })

  test('looks only into incidents that match the filter', () =>
    withLedger([...told('1', saw('slow')), declaredAs('2', noon, 'DRILL')], async ledger => {
      expect(await short(ledger, 'api', { filter: { mode: ['DRILL'] } })).toEqual([
        'TITLE of 2 at 0',
      ])
      expect(await short(ledger, 'slow', { filter: { search: 'no such' } })).toEqual([])
    }))

  test('finds nothing of what is not for who asks', () => {
    const set = { visibility: 'RESTRICTED', people: ['bob'] }
    return withLedger(
      told('1', saw('slow'), { type: 'VisibilitySet', data: set }),
      async ledger => {
        expect(await short(ledger, 'slow')).toEqual([])
        const bob = { ...viewer, actor: { type: 'USER', id: 'bob' } as const }
        for (const who of [bob, { ...viewer, isAdmin: true }]) {
          const { edges } = await ledger.reading(views =>
            search({ whole: views.db }, who, 'slow', {}, 5),
          )
          expect(edges).toHaveLength(1)
        }
      },
    )
  })

  test('goes on behind its last page, whatever is said meanwhile', () =>
    withLedger(
      [...Array(7).keys()].flatMap(n => told(`${n}`, saw('slow'), task(`t-${n}`, 'Slow it down'))),
      async ledger => {
        const seen: string[] = []
        for (let after: string | undefined, n = 0; ; n++) {
          const page = await foundIn(ledger, 'slow', { first: 3, ...(after && { after }) })
          seen.push(...page.edges.map(({ hit }) => `${hit.kind} ${hit.incident}`))
          if (!page.hasNextPage) break
          after = page.endCursor!
          ledger.append(told(`later-${n}`, saw('slow')))
          ledger.project()
        }
        const before = seen.filter(hit => !hit.includes('later'))
        expect(before).toEqual([
          ...[6, 5, 4, 3, 2, 1, 0].map(n => `TASK ${n}`),
          ...[6, 5, 4, 3, 2, 1, 0].map(n => `OBSERVATION ${n}`),
        ])
        expect(new Set(seen).size).toBe(seen.length)
      },
    ))

  test.each(['', 'x', Buffer.from('found 3 1').toString('base64url')])(
    'does not go on behind %j',
    after =>
      withLedger(told('1'), ledger =>
        expect(foundIn(ledger, 'api', { after })).rejects.toMatchObject({ code: 'INVALID_CURSOR' }),
      ),
  )
})

test('what is taken up twice, or after a retraction, is found as once', () => {
  const events = told('1', saw('The disk is full'))
  events.push(
    eventOf('incident-1', events, {
      type: 'EntryRetracted',
      data: { eventId: events[1]!.id, reason: 'x' },
    }),
  )
  return withLedger(events, async ledger => {
    const once = ledger.views(tablesOf)
    ledger.views(db => db.exec('update checkpoint set position = 0'))
    ledger.project()
    expect(ledger.views(tablesOf)).toEqual(once)
    expect(await short(ledger, 'disk')).toEqual([])
  })
})

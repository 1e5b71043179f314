import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const query = `query ($query: String!, $filter: IncidentFilter, $first: Int = 20, $after: Cursor) {
  search(query: $query, filter: $filter, first: $first, after: $after) {
    nodes { foundIn entryId revision incident { id title } snippet { text isMatch } }
    pageInfo { hasNextPage endCursor } } }`
const search = async (variables: object, who = 'rob') =>
  (await app.told(who, query, variables)).search

test('a title, a task and an observation are found as soon as their receipt is there', async () => {
  const id = await app.declared({ title: 'Überlauf der Warteschlange' })
  const input = { title: 'Look at the queue', assignee: { person: 'bob' }, timeboxMinutes: 5 }
  const { events } = await app.act('alice', 'assignTask', id, input)
  const noted = await app.act('carol', 'recordObservation', id, {
    text: 'The queue is <b>full</b>',
  })
  const incident = { id, title: 'Überlauf der Warteschlange' }
  expect((await search({ query: 'uber* ' })).nodes).toEqual([
    {
      foundIn: 'TITLE',
      entryId: null,
      revision: 0,
      incident,
      snippet: [
        { text: 'Überlauf', isMatch: true },
        { text: ' der Warteschlange', isMatch: false },
      ],
    },
  ])
  const found = await search({ query: 'queue' })
  expect(found.nodes.map(({ foundIn, entryId }: any) => [foundIn, entryId])).toEqual([
    ['TASK', (events[0]!.data as { taskId: string }).taskId],
    ['OBSERVATION', noted.events[0]!.id],
  ])
  expect(found.nodes[1].snippet).toEqual([
    { text: 'The ', isMatch: false },
    { text: 'queue', isMatch: true },
    { text: ' is <b>full</b>', isMatch: false },
  ])
  expect(found.pageInfo.hasNextPage).toBe(false)
})

test('pages follow one another', async () => {
  const id = await app.declared()
  for (const n of [1, 2, 3]) await app.act('bob', 'recordObservation', id, { text: `paged ${n}` })
  const first = await search({ query: 'paged', first: 2 })
  const rest = await search({ query: 'paged', first: 2, after: first.pageInfo.endCursor })
  const texts = [first, rest].flatMap(({ nodes }) =>
    nodes.map(({ snippet }: any) => snippet.map(({ text }: any) => text).join('')),
  )
  expect(texts).toEqual(['paged 3', 'paged 2', 'paged 1'])
  expect([first, rest].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false])
})

test.each([
  ['nothing to search for', { query: '"!"' }, 'INVALID_INPUT'],
  ['too much', { query: 'x'.repeat(201) }, 'INVALID_INPUT'],
  ['a cursor of another list', { query: 'x', after: 'x' }, 'INVALID_CURSOR'],
  ['nobody’s incidents', { query: 'x', filter: { commander: 'nobody' } }, 'UNKNOWN_PERSON'],
])('%s is refused', async (_, variables, code) => {
  const { errors } = await app.ask('rob', query, variables)
  expect(errors!.map(({ extensions }) => extensions.code)).toEqual([code])
})

import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type App, dataOf, startApp } from '../support/app.js'
import { inputs } from '../support/inputs.js'
import { documentOf, liveIncident } from '../support/live-incident.mjs'
import { wholeIncident } from '../support/whole-incident.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

const queryOf = (part: string) =>
  `query ($id: ID, $at: AsOf) { incident(id: $id, at: $at) { ${part} } }`
/** An administrator asks, since an incident may be restricted on its way. */
async function seen(id: string, at?: object) {
  const parts = await Promise.all(
    wholeIncident.map(part => app.told('root', queryOf(part), { id, at })),
  )
  return Object.assign({}, ...parts.map(({ incident }) => incident))
}

/** What was answered live, by the revision it was answered at. */
type Live = Map<number, object>

async function thenAsBefore(id: string, live: Live) {
  for (const [revision, answer] of live) expect(await seen(id, { revision })).toMatchObject(answer)
}

test('an incident’s whole course is answered at each of its revisions as it was answered then', async () => {
  const all = new Map<string, Live>()
  const note = async (id: string) => {
    const answer = await seen(id)
    if (!all.has(id)) all.set(id, new Map())
    all.get(id)!.set(answer.revision, answer)
  }
  const story = liveIncident({
    act: async (who: string, mutation: string, ...given: any) => {
      const receipt = await (app.act as any)(who, mutation, ...given)
      await note(receipt.incident.id)
      return receipt
    },
    person: app.person,
    ask: (text: string, variables: object) => app.told('rob', text, variables),
    push: (minutes: number) => app.clock.push(minutes),
  })
  for (const chapter of Object.values(story)) if (typeof chapter === 'function') await chapter()
  expect(all.get(story.told.id)!.size).toBeGreaterThan(40)
  for (const [id, live] of all) await thenAsBefore(id, live)
})

test('what is answered after some minutes in which nothing happened is what its revision is answered with', async () => {
  const id = await app.declared()
  for (const command of ['claimCommand', 'joinIncident']) await app.act('alice', command, id)
  app.clock.push(10)
  const { events } = await app.act('alice', 'claimCommand', id)
  expect(events).toEqual([])
  const answer = await seen(id)
  await thenAsBefore(id, new Map([[answer.revision, answer]]))
})

/** Ids are known once they are made; the arbitraries number them. */
function meant(input: object, tasks: string[], entries: string[]): object {
  const known = JSON.stringify(input)
    .replace(/"id-(\d)"/g, (_, n) => JSON.stringify(tasks[Number(n) - 1] ?? 'none'))
    .replace(/"event-(\d+)"/g, (_, n) => JSON.stringify(entries[Number(n)] ?? 'none'))
    .replace(/"(constructor|__proto__)"/g, '"carol"')
  return JSON.parse(known)
}

/** Without what would end it for good, soon and often. */
const { DeclareIncident: _, CancelIncident: __, DeclineIncident: ___, ...commands } = inputs
const command = fc.oneof(
  ...Object.entries(commands).map(([type, input]) =>
    fc.record({
      mutation: fc.constant(type[0]!.toLowerCase() + type.slice(1)),
      input: input as fc.Arbitrary<object>,
      who: fc.constantFrom('alice', 'alice', 'bob', 'carol'),
      minutes: fc.constantFrom(0, 1, 10),
    }),
  ),
)

test('whatever was done, each receipt’s incident is what its revision is answered with later', async () => {
  let taken = 0
  // A receipt can be asked for a part at a time.
  let turn = 0
  const walk = fc.asyncProperty(
    fc.array(command, { minLength: 60, maxLength: 60 }),
    async steps => {
      const id = await app.declared()
      const live: Live = new Map()
      const [tasks, entries]: string[][] = [[], []]
      for (const { mutation, input, who, minutes } of steps) {
        app.clock.push(minutes)
        const given = Object.keys(input).length > 0 ? meant(input, tasks!, entries!) : undefined
        const document = documentOf(mutation, { id, input: given }).replace(
          'incident { id reference revision }',
          `incident { ${wholeIncident[turn++ % wholeIncident.length]!} }`,
        )
        const answer = await app.ask(who, document, { id, input: given })
        if (answer.errors) continue
        const { incident, events } = dataOf(answer)[mutation]
        live.set(incident.revision, incident)
        for (const { data, id } of events) {
          entries!.push(id)
          if (data.taskId && !tasks!.includes(data.taskId)) tasks!.push(data.taskId)
        }
        if (events.length > 0) taken++
      }
      await thenAsBefore(id, live)
    },
  )
  await fc.assert(walk, { numRuns: 1, endOnFailure: true })
  expect(taken).toBeGreaterThan(0)
})

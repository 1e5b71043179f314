import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, codeOf, startApp, until } from '../support/app.js'
import { liveCycle } from '../support/live-cycle.mjs'

let app: App
let story: ReturnType<typeof liveCycle>
beforeAll(async () => {
  app = await startApp()
  story = liveCycle({ act: app.act, push: minutes => app.clock.push(minutes) })
  await story.begins()
})
afterAll(() => app.close())

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const seen = async (fields: string, who = 'alice', moment?: object) =>
  (
    await app.told(
      who,
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at: moment },
    )
  ).incident

const proposalFields = `id text risks affects by { name } at decideBy
  objections { by { name } at strong reason } decision { eventId }`
const decisionFields = `eventId proposalId text outcome rationale objectionsHeard overruled by { name } at
  reversedAt reversedBy { name } reversedReason`

test('what is going on is sized up, and what can wait is put off', async () => {
  await story.sizesUp()
  const { cycle, nextUpdateDue, minutesSinceVerification, sizeUps, hypotheses, deferredQuestions } =
    await seen(`cycle nextUpdateDue minutesSinceVerification
      sizeUps { nodes { cycle situation impact nextUpdateBy by { name } at } }
      hypotheses { text evidence outcome settledBy { name } settledEvidence }
      open: hypotheses(open: true) { text } deferredQuestions { kind text by { name } at }`)
  expect([cycle, nextUpdateDue, minutesSinceVerification]).toEqual([1, at('12:30'), null])
  expect(sizeUps.nodes).toMatchObject([{ impact: null }, { cycle: 1, nextUpdateBy: at('12:30') }])
  expect(hypotheses).toEqual([
    {
      text: 'The index is locked',
      evidence: 'It is not written to',
      outcome: 'REFUTED',
      settledBy: { name: 'Bob' },
      settledEvidence: 'No lock',
    },
    {
      text: 'The index is full',
      evidence: null,
      outcome: null,
      settledBy: null,
      settledEvidence: null,
    },
  ])
  expect(deferredQuestions).toEqual([
    { kind: 'BLAME', text: 'Who switched it off?', by: { name: 'Carol' }, at: at('12:00') },
  ])
})

test('what is proposed is objected to, decided on, overruled on record, and reversed', async () => {
  await story.decides()
  const { proposal, withdrawn, decision } = story.told
  const { proposals, decisionLog, open } = await seen(
    `proposals { nodes { ${proposalFields} } } decisionLog { nodes { ${decisionFields} } }
      open: proposals(open: true) { nodes { id } }`,
  )
  expect(open.nodes).toEqual([])
  const [first, second] = proposals.nodes
  expect(first).toEqual({
    id: proposal,
    text: 'Switch to the old index',
    risks: ['Results of today are missing', 'It may be too large'],
    affects: 'search',
    by: { name: 'Bob' },
    at: at('12:01'),
    decideBy: at('12:03'),
    objections: [
      { by: { name: 'Carol' }, at: at('12:02'), strong: true, reason: 'It is stale' },
      { by: { name: 'Alice' }, at: at('12:02'), strong: false, reason: 'It is slow' },
    ],
    decision: { eventId: decision },
  })
  expect([second.id, second.risks, second.affects]).toEqual([withdrawn, [], null])
  expect(decisionLog.nodes).toMatchObject([
    { proposalId: withdrawn, outcome: 'WITHDRAW', by: { name: 'Bob' }, text: 'Wait' },
    {
      eventId: decision,
      proposalId: proposal,
      text: 'Switch to the old index',
      outcome: 'APPROVE',
      rationale: 'Stale beats empty',
      objectionsHeard: 2,
      overruled: true,
      at: at('12:08'),
      reversedAt: at('12:10'),
      reversedBy: { name: 'Alice' },
      reversedReason: 'It is too large',
    },
    {
      proposalId: null,
      text: 'Page nobody else',
      outcome: 'APPROVE',
      rationale: null,
      objectionsHeard: 0,
      overruled: false,
      reversedAt: null,
    },
  ])
})

test('as of a moment it was undecided, and nothing was reversed', async () => {
  const then = await seen(
    'proposals(open: true) { nodes { id } } decisionLog { nodes { reversedAt } }',
    'alice',
    { occurredAt: at('12:07') },
  )
  expect(then.proposals.nodes).toEqual([{ id: story.told.proposal }])
  expect(then.decisionLog.nodes).toEqual([{ reversedAt: null }])
})

test('it is verified, and once it holds, what helped it happen is on record', async () => {
  await story.verifies()
  app.clock.push(3)
  const { cycle, minutesSinceVerification, verifications, contributingFactors, postmortem } =
    await seen(`cycle minutesSinceVerification verifications { nodes { cycle result finding } }
      contributingFactors { category statement by { name } }
      postmortem { agenda { kind sentence } }`)
  expect([cycle, minutesSinceVerification]).toEqual([2, 3])
  expect(verifications.nodes).toEqual([
    { cycle: 1, result: 'NOT_HOLDING', finding: 'Empty again' },
    { cycle: 2, result: 'HOLDING', finding: 'Results are back' },
  ])
  expect(contributingFactors).toEqual([
    {
      category: 'MONITORING',
      statement: 'Nobody was told that the index was full',
      by: { name: 'Carol' },
    },
  ])
  expect(postmortem.agenda).toContainEqual({
    kind: 'QUESTION_DEFERRED',
    sentence: 'Carol left to the review who is to answer for it: Who switched it off?',
  })
})

test('what nobody decides in time is overdue, and found across incidents', async () => {
  const ids = [await app.declared({ title: 'One' }), await app.declared({ title: 'Two' })]
  for (const [i, id] of ids.entries()) {
    const input = { text: `Restart ${i}`, risks: ['x'], pollMinutes: 3 }
    const { events } = await app.act('bob', 'proposeAction', id, input)
    const { proposalId } = events[0]!.data
    if (i === 1)
      await app.act('carol', 'raiseObjection', id, { proposalId, strong: true, reason: 'No' })
    app.clock.push(2)
  }
  const undecided = async (args: string, who = 'rob') =>
    (
      await app.told(
        who,
        `{ undecided(${args}) { nodes { text by { name } overdue objections strongObjections
          incident { title } } pageInfo { hasNextPage endCursor } } }`,
      )
    ).undecided
  const page = await undecided('first: 1')
  expect(page.nodes).toEqual([
    {
      text: 'Restart 0',
      by: { name: 'Bob' },
      overdue: true,
      objections: 0,
      strongObjections: 0,
      incident: { title: 'One' },
    },
  ])
  const next = await undecided(`after: "${page.pageInfo.endCursor}"`)
  expect(next.nodes).toMatchObject([{ text: 'Restart 1', overdue: false, strongObjections: 1 }])
  expect((await undecided('olderThanMinutes: 3')).nodes).toHaveLength(1)
  const overdueAt = async () =>
    (await app.told('rob', `{ incident(id: "${ids[0]}") { proposals { nodes { overdueAt } } } }`))
      .incident.proposals.nodes[0].overdueAt
  await until(async () => (await overdueAt()) !== null)
  expect((await app.store.read(`incident-${ids[0]}`, 0)).at(-1)).toMatchObject({
    type: 'DecisionOverdue',
    actor: { type: 'TIMER', id: 'decision-overdue' },
    occurredAt: at('12:16'),
  })
})

test('what is restricted waits for those who may see it', async () => {
  const id = await app.declared({ title: 'Keys leaked', type: 'SECURITY' })
  await app.act('alice', 'proposeAction', id, { text: 'Rotate', risks: [], pollMinutes: 3 })
  const texts = async (who: string, args = 'first: 100') =>
    (await app.told(who, `{ undecided(${args}) { nodes { text } } }`)).undecided.nodes.map(
      ({ text }: { text: string }) => text,
    )
  expect(await texts('alice')).toContain('Rotate')
  expect(await texts('rob')).not.toContain('Rotate')
  expect(await texts('root')).not.toContain('Rotate')
  expect(await texts('root', 'includeRestricted: true, first: 100')).toContain('Rotate')
  expect(
    codeOf(await app.ask('rob', '{ undecided(includeRestricted: true) { nodes { text } } }')),
  ).toBe('SCOPE_MISSING')
})

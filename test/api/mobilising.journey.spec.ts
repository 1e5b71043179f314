import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp } from '../support/app.js'
import { liveMobilising } from '../support/live-mobilising.mjs'

let app: App
let story: ReturnType<typeof liveMobilising>
beforeAll(async () => {
  app = await startApp()
  story = liveMobilising({ act: app.act, push: minutes => app.clock.push(minutes) })
})
afterAll(() => app.close())

const at = (time: string) => `2026-01-01T${time}:00.000Z`
const seen = async (fields: string, moment?: object) =>
  (
    await app.told(
      'alice',
      `query ($id: ID!, $at: AsOf) { incident(id: $id, at: $at) { ${fields} } }`,
      { id: story.told.id, at: moment },
    )
  ).incident

test('who is here says as what, and from where', async () => {
  await story.joins()
  const { responders } = await seen(
    'responders { person { handle } since team function place timeZone channel }',
  )
  expect(responders).toEqual([
    {
      person: { handle: 'alice' },
      since: at('12:00'),
      team: 'Command',
      function: null,
      place: null,
      timeZone: null,
      channel: 'SLACK',
    },
    {
      person: { handle: 'bob' },
      since: at('12:01'),
      team: 'Payments',
      function: 'Database engineer',
      place: 'Bern',
      timeZone: 'Europe/Zurich',
      channel: 'ZOOM',
    },
  ])
})

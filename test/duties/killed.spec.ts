import { expect, test } from '@jest/globals'
import { dataOf, newFolder, until } from '../support/app.js'
import { documentOf } from '../support/live-incident.mjs'
import { type Server, ran, startServer } from '../support/server.js'

test('timers of a server that is killed before they are due, and again and again meanwhile, are told once each', async () => {
  const folder = newFolder()
  let killed = await killedWithATimer(folder, 2)
  // On a machine that is busy it may have been due before.
  for (let seconds = 6; Date.now() >= Date.parse(killed.dueAt); seconds *= 3)
    killed = await killedWithATimer(folder, seconds)
  const { incidentId, taskId, dueAt } = killed
  await until(() => Date.now() > Date.parse(dueAt))
  let server = await startServer(folder)
  const toldOnce = async () => {
    await until(async () => (await expiries(server, incidentId)).length > 0)
    expect(await expiries(server, incidentId)).toEqual([
      {
        data: { taskId, dueAt },
        occurredAt: dueAt,
        actor: { type: 'TIMER', id: 'task-timebox' },
      },
    ])
  }
  await toldOnce()
  const { id, dues } = await withManyTimers(server)
  while (new Date().toISOString() < dues.at(-1)!) {
    await new Promise(resolve => setTimeout(resolve, Math.random() * 900))
    expect(await server.end('SIGKILL')).toEqual([null, 'SIGKILL'])
    server = await startServer(folder)
  }
  await until(async () => (await expiries(server, id)).length >= dues.length)
  await new Promise(resolve => setTimeout(resolve, 600))
  const told = (await expiries(server, id)) as { occurredAt: string }[]
  expect(told.map(({ occurredAt }) => occurredAt).toSorted()).toEqual(dues)
  // Also by those that came after the one that told it.
  await toldOnce()
  await server.end('SIGKILL')
  expect(await ran(['--data', folder, 'verify'])).toMatchObject({ code: 0, err: '' })
})

/** A server that is killed with a timer that has so many seconds to go. */
async function killedWithATimer(folder: string, seconds: number) {
  const server = await startServer(folder)
  // A minute is the shortest timebox there is: so this one is said to have been given before.
  const given = new Date(Date.now() - 60_000 + seconds * 1000).toISOString()
  const { incident } = await act(server, 'declareIncident', undefined, { title: 'Killed' }, given)
  const { events } = await act(server, 'assignTask', incident.id, task, given)
  expect(await server.end('SIGKILL')).toEqual([null, 'SIGKILL'])
  const { taskId, dueAt } = events[0].data as { taskId: string; dueAt: string }
  return { incidentId: incident.id as string, taskId, dueAt }
}

/** An incident with forty timers that fall due within the next seconds. */
async function withManyTimers(server: Server) {
  const now = Date.now()
  const before = (seconds: number) => new Date(now - 60_000 + seconds * 1000).toISOString()
  const { incident } = await act(server, 'declareIncident', undefined, { title: 'x' }, before(0))
  const dues: string[] = []
  for (let n = 0; n < 40; n++) {
    const { events } = await act(server, 'assignTask', incident.id, task, before(2 + n / 10))
    dues.push(events[0].data.dueAt)
  }
  return { id: incident.id as string, dues }
}

const task = { title: 'Look', assignee: { person: 'admin' }, timeboxMinutes: 1 }

/** A command that is said to have been given then. */
async function act(
  server: Server,
  mutation: string,
  id: string | undefined,
  input: object,
  occurredAt: string,
) {
  const variables = { id, input, options: { occurredAt } }
  return dataOf(await server.ask(server.key, documentOf(mutation, { id, input }), variables))[
    mutation
  ]
}

async function expiries(server: Server, incidentId: string) {
  const { events } = dataOf(
    await server.ask(
      server.key,
      `query ($filter: EventFilter) { events(first: 100, filter: $filter) {
        nodes { data occurredAt actor { type id } } } }`,
      {
        filter: {
          incidentId,
          types: ['dev.incidentledger.incident.task_timebox_expired.v1'],
        },
      },
    ),
  )
  return events.nodes
}

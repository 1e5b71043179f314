import { expect, test } from '@jest/globals'
import { dataOf, newFolder, until } from '../support/app.js'
import { documentOf } from '../support/live-incident.mjs'
import { type Server, ran, startServer } from '../support/server.js'

test('a timer whose server is killed before it is due is told once, at its due time, by the next', async () => {
  const folder = newFolder()
  let killed = await killedWithATimer(folder, 2)
  // On a machine that is busy it may have been due before.
  for (let seconds = 6; Date.now() >= Date.parse(killed.dueAt); seconds *= 3)
    killed = await killedWithATimer(folder, seconds)
  const { incidentId, taskId, dueAt } = killed
  await until(() => Date.now() > Date.parse(dueAt))
  for (let start = 0; start < 2; start++) {
    const server = await startServer(folder)
    await until(async () => (await expiries(server, incidentId)).length > 0)
    await new Promise(resolve => setTimeout(resolve, 600))
    expect(await expiries(server, incidentId)).toEqual([
      {
        data: { taskId, dueAt },
        occurredAt: dueAt,
        actor: { type: 'TIMER', id: 'task-timebox' },
      },
    ])
    expect(await server.end('SIGKILL')).toEqual([null, 'SIGKILL'])
  }
  expect(await ran(['--data', folder, 'verify'])).toMatchObject({ code: 0, err: '' })
})

test('timers that fall due while the server is killed again and again are each told once', async () => {
  const folder = newFolder()
  let server = await startServer(folder)
  const now = Date.now()
  const before = (seconds: number) => new Date(now - 60_000 + seconds * 1000).toISOString()
  const { incident } = await act(server, 'declareIncident', undefined, { title: 'x' }, before(0))
  const input = { title: 'Look', assignee: { person: 'admin' }, timeboxMinutes: 1 }
  const dues: string[] = []
  for (let n = 0; n < 40; n++) {
    const { events } = await act(server, 'assignTask', incident.id, input, before(2 + n / 10))
    dues.push(events[0].data.dueAt)
  }
  while (new Date().toISOString() < dues.at(-1)!) {
    await new Promise(resolve => setTimeout(resolve, Math.random() * 900))
    await server.end('SIGKILL')
    server = await startServer(folder)
  }
  await until(async () => (await expiries(server, incident.id)).length >= dues.length)
  await new Promise(resolve => setTimeout(resolve, 600))
  const told = (await expiries(server, incident.id)) as { occurredAt: string }[]
  expect(told.map(({ occurredAt }) => occurredAt).toSorted()).toEqual(dues)
  await server.end('SIGKILL')
  expect(await ran(['--data', folder, 'verify'])).toMatchObject({ code: 0, err: '' })
})

/** A server that is killed with a timer that has so many seconds to go. */
async function killedWithATimer(folder: string, seconds: number) {
  const server = await startServer(folder)
  // A minute is the shortest timebox there is: so this one is said to have been given before.
  const given = new Date(Date.now() - 60_000 + seconds * 1000).toISOString()
  const { incident } = await act(server, 'declareIncident', undefined, { title: 'Killed' }, given)
  const input = { title: 'Look', assignee: { person: 'admin' }, timeboxMinutes: 1 }
  const { events } = await act(server, 'assignTask', incident.id, input, given)
  expect(await server.end('SIGKILL')).toEqual([null, 'SIGKILL'])
  const { taskId, dueAt } = events[0].data as { taskId: string; dueAt: string }
  return { incidentId: incident.id as string, taskId, dueAt }
}

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

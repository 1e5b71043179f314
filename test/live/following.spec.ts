import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GraphQLSchemaHost } from '@nestjs/graphql'
import { Principals } from '../../src/auth/principal.js'
import { verdict } from '../../src/api/verdict.js'
import { Subscriptions } from '../../src/live/subscriptions.js'
import { type App, startApp, until } from '../support/app.js'

let app: App
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

/** A subscription without a transport: what it was told, and what it ended with. */
function followed(who: string, query: string, variables: Record<string, unknown> = {}) {
  const principal = app.app.get(Principals).of({
    headers: { authorization: `Bearer ${app.secrets[who] ?? who}` },
  } as never) as NonNullable<Awaited<ReturnType<Principals['of']>>>
  const { schema } = app.app.get(GraphQLSchemaHost)
  const judged = verdict(schema, query, undefined, variables, principal)
  if ('refused' in judged) throw judged.refused[0]
  const told: any[] = []
  const stop = new AbortController()
  const outlet = {
    pendingBytes: 0,
    isStuck: false,
    send: (json: string) => void told.push(JSON.parse(json)),
    drained: () => new Promise<void>(() => {}),
  }
  const context = { principal, requestId: 'r', correlationId: 'c' }
  const ended = app.app.get(Subscriptions).run(judged, { variables }, context, outlet, stop.signal)
  const events = () =>
    told.flatMap(({ data }) => (data.incidentEvents.event ? [data.incidentEvents.event.id] : []))
  return { told, ended, stop: () => (stop.abort(), ended), outlet, events }
}

const all =
  'subscription ($after: Cursor, $filter: EventFilter) { incidentEvents(after: $after, filter: $filter) { cursor event { id type incidentId data } } }'

describe('events', () => {
  test('begin now, are told in order, and end when they are no longer wanted', async () => {
    await app.declared({ title: 'before' })
    const one = followed('partner', all)
    await until(() => one.told.length === 1)
    expect(one.told[0].data.incidentEvents.event).toBeNull()
    const id = await app.declared({ title: 'after' })
    await app.act('alice', 'recordObservation', id, { text: 'x' })
    await until(() => one.events().length >= 2)
    expect(one.told.at(-1).data.incidentEvents.event.type).toMatch(/observation_recorded/)
    expect(await one.stop()).toBeUndefined()
  })
})

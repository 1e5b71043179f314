import { hash } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { chain, firstHash, uuidOf } from '../../src/event-store/stored-event.js'
import { sealed } from '../event-store/sealed.js'
import { type App, logOf, startApp, until } from '../support/app.js'

let app: App
const keys: Record<string, string> = {}
const ids: string[] = []
beforeAll(async () => {
  app = await startApp()
  const created = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`
  const roles: Record<string, string[]> = {
    auditor: ['AUDIT_EXPORT', 'AUDIT_READ'],
    taker: ['AUDIT_EXPORT'],
    admin: ['AUDIT_EXPORT', 'AUDIT_READ', 'INCIDENTS_ADMIN'],
  }
  for (const [label, scopes] of Object.entries(roles))
    keys[label] = (
      await app.told('local', created, { input: { label, scopes } })
    ).createApiKey.secret
  for (const title of ['Größer 🔥', 'Two', 'Three']) {
    ids.push(await app.declared({ title }))
    await app.act('alice', 'recordObservation', ids.at(-1), { text: `${title} is seen` })
  }
})
afterAll(() => app.close())

const get = (who: string, query = '') =>
  fetch(`${app.url}/export${query}`, {
    headers: { authorization: `Bearer ${keys[who] ?? app.secrets[who] ?? who}` },
  })
const textOf = async (who: string, query = '') => {
  const response = await get(who, query)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/x-ndjson',
  ])
  return response.text()
}
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
const manifestOf = (text: string) => linesOf(text).at(-2).manifest
const eventsOf = (text: string) => linesOf(text).slice(0, -2)

describe('an export', () => {
  test('is every event as it is stored, in the order of the log, without the ledger’s own', async () => {
    const stored = (await logOf(app.store)).filter(
      ({ stream }) => !/^reference|^access-/.test(stream),
    )
    const text = await textOf('admin', '?organisation=true')
    expect(eventsOf(text).map(({ event, ...beside }) => [beside.id, beside.hash, event])).toEqual(
      stored.map(({ id, hash, position: _, ...event }) => [id, hash, event]),
    )
    expect(manifestOf(text)).toMatchObject({ format: 1, incidents: 'ALL', events: stored.length })
  })

  test('holds the very bytes that were hashed', async () => {
    const text = await textOf('admin', '?organisation=true')
    const heads = new Map<string, string>()
    for (const line of text.split('\n').slice(0, -3)) {
      const bytes = line.slice(204, -1)
      const { stream } = JSON.parse(bytes)
      const hashed = chain(heads.get(stream) ?? firstHash(stream), bytes)
      expect(line.startsWith(`{"hash":"${hashed}","id":"${uuidOf(hashed)}",`)).toBe(true)
      heads.set(stream, hashed)
    }
    for (const { stream, hash } of manifestOf(text).streams) expect(heads.get(stream)).toBe(hash)
    const last = text.lastIndexOf('{"sha256"')
    expect(JSON.parse(text.slice(last))).toEqual({ sha256: hash('sha256', text.slice(0, last)) })
  })

  test('of one incident is its stream, by id or reference', async () => {
    const [id] = ids
    const text = await textOf('auditor', `?incident=${id}`)
    const streams = eventsOf(text).map(({ event }) => event.stream)
    expect(new Set(streams)).toEqual(new Set([`incident-${id}`]))
    expect(manifestOf(text)).toMatchObject({ incident: id, incidents: 'ONE', organisation: false })
    for (const same of ['INC-1', 'inc-1', id!.toUpperCase()])
      expect(await textOf('auditor', `?incident=${same}`)).toBe(text)
  })

  test('at the same place is the same bytes, whatever was recorded since', async () => {
    const before = await textOf('admin', '?organisation=true')
    const one = await textOf('taker', '?incident=INC-2')
    await app.act('alice', 'recordObservation', ids[1], { text: 'Since' })
    const at = (text: string) => manifestOf(text).at
    expect(await textOf('admin', `?organisation=true&at=${at(before)}`)).toBe(before)
    expect(await textOf('taker', `?incident=INC-2&at=${at(one)}`)).toBe(one)
    const since = await textOf('taker', '?incident=INC-2')
    expect(eventsOf(since).length).toBe(eventsOf(one).length + 1)
    const { position } = await app.act('alice', 'recordObservation', ids[2], { text: 'Later' })
    expect(at(await textOf('admin', `?at=${position}`))).toBe(position)
  })

  test('says whether it is all or what somebody may see, and not how much that leaves out', async () => {
    const kinds = (text: string) => {
      const { incidents, organisation } = manifestOf(text)
      return { incidents, organisation }
    }
    expect(kinds(await textOf('taker'))).toEqual({ incidents: 'VISIBLE', organisation: false })
    expect(kinds(await textOf('admin'))).toEqual({ incidents: 'ALL', organisation: false })
    const streams = eventsOf(await textOf('taker')).map(({ event }) => event.stream)
    expect(streams.every(stream => stream.startsWith('incident-'))).toBe(true)
  })
})

test.each([
  ['nobody', '', 401, 'UNAUTHENTICATED'],
  ['alice', '', 403, 'SCOPE_MISSING'],
  ['root', '', 403, 'SCOPE_MISSING'],
  ['taker', '?organisation=true', 403, 'SCOPE_MISSING'],
  ['taker', '?incident=INC-99', 404, 'INCIDENT_NOT_FOUND'],
  ['taker', '?incident=organisation', 404, 'INCIDENT_NOT_FOUND'],
  ['taker', '?incident=01890000-0000-7000-8000-000000000000', 404, 'INCIDENT_NOT_FOUND'],
  ['taker', '?incident=', 404, 'INCIDENT_NOT_FOUND'],
  ['taker', '?at=x', 400, 'INVALID_CURSOR'],
  [
    'taker',
    `?at=${Buffer.from('incident-a 0 00000000-0000-8000-8000-000000000000').toString('base64url')}`,
    400,
    'INVALID_CURSOR',
  ],
  ['taker', '?inclident=INC-1', 400, 'INVALID_INPUT'],
  ['taker', '?incident=INC-1&incident=INC-2', 400, 'INVALID_INPUT'],
  ['taker', '?organisation=yes', 400, 'INVALID_INPUT'],
])('to %s, %s is refused with %d %s', async (who, query, status, code) => {
  const response = await get(who, query)
  const { errors } = (await response.json()) as any
  expect([response.status, errors[0].extensions.code]).toEqual([status, code])
})

test('a restricted incident is in the exports of those who see it, and of nobody else', async () => {
  const created = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`
  for (const owner of ['bob', 'carol']) {
    const input = { label: owner, owner, scopes: ['AUDIT_EXPORT'] }
    keys[`${owner} who takes`] = (await app.told('local', created, { input })).createApiKey.secret
  }
  const id = await app.declared({ title: 'Tokens leaked', type: 'SECURITY' }, 'bob')
  const { reference } = (await app.told('bob', `{ incident(id: "${id}") { reference } }`)).incident
  const others = ['taker', 'auditor', 'carol who takes']
  for (const who of others) {
    expect(await textOf(who)).not.toMatch(/Tokens leaked/)
    expect((await textOf(who)).includes(id)).toBe(false)
    for (const name of [id, reference])
      expect((await get(who, `?incident=${name}`)).status).toBe(404)
  }
  for (const who of ['admin', 'bob who takes']) {
    expect(await textOf(who)).toMatch(/Tokens leaked/)
    expect(manifestOf(await textOf(who, `?incident=${reference}`)).incident).toBe(id)
  }
  await app.act('bob', 'setVisibility', id, { visibility: 'INTERNAL', reason: 'It is known' })
  for (const who of others) expect(await textOf(who)).toMatch(/Tokens leaked/)
})

test('an export is in the access log by the id of what was found, for those who see that', async () => {
  const id = await app.declared({ title: 'Keys leaked', type: 'SECURITY' }, 'bob')
  const { reference } = (await app.told('bob', `{ incident(id: "${id}") { reference } }`)).incident
  const { at } = manifestOf(await textOf('admin', `?incident=${reference}`))
  await textOf('admin', `?incident=${reference}&at=${at}`)
  const nothing = '01890000-0000-7000-8000-000000000000'
  for (const name of [id, reference, nothing, 'INC-99', '<b>'])
    expect((await get('taker', `?incident=${name}`)).status).toBe(404)
  const query = '{ accessLog(first: 100) { nodes { kind incidentId detail } } }'
  const toldTo = async (who: string) => {
    const { nodes } = (await app.told(keys[who]!, query)).accessLog
    return nodes.filter(({ kind }: any) => kind === 'EXPORT')
  }
  const toAdmin = await toldTo('admin')
  expect(toAdmin.slice(-2).map(({ incidentId }: any) => incidentId)).toEqual([id, id])
  const toOthers = JSON.stringify(await toldTo('auditor'))
  for (const name of [id, reference, at, nothing, 'INC-', '<b>'])
    expect(toOthers).not.toContain(name)
})

test('an incident that was not there yet at a place is not found there', async () => {
  const first = manifestOf(await textOf('taker', '?incident=INC-1')).at
  expect((await get('taker', `?incident=INC-3&at=${first}`)).status).toBe(404)
})

test('of many at a time the last wait their turn, and a stop waits for none of them', async () => {
  const long = sealed('alert-large', 60, undefined, 0, () => 'x'.repeat(200_000))
  await app.store.append('alert-large', -1, long)
  const { hostname, port } = new URL(app.url)
  const stalled = () => {
    const socket = connect(Number(port), hostname)
    socket.write(
      `GET /export?organisation=true HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys['auditor']}\r\n\r\n`,
    )
    return socket.pause()
  }
  const sockets = [stalled(), stalled()]
  const behind = async () => {
    const answer = await get('taker', '?incident=INC-1')
    if (answer.status === 200) return undefined
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.any(String)])
    return ((await answer.json()) as any).errors[0].extensions.details.behind
  }
  await until(async () => (await behind()) === 'EXPORTS')
  sockets[0]!.destroy()
  await until(async () => (await behind()) === undefined)
  stalled()
  await until(async () => (await behind()) === 'EXPORTS')
  await app.close()
})

import { once } from 'node:events'
import { expect, test } from '@jest/globals'
import { RawSocket } from '../live/raw-socket.js'
import { newFolder, until } from '../support/app.js'
import { startServer } from '../support/server.js'

const secret = 'canary-7f3a'

test('at the most talkative level the log tells every request, and nothing of what is in it', async () => {
  const server = await startServer(newFolder(), { LEDGER_LOG: 'trace' })
  let log = ''
  server.process.stderr!.on('data', data => (log += data))
  const json = { 'content-type': 'application/json' }
  const known = { ...json, authorization: `Bearer ${server.key}` }
  const document = (name: string, rest: string) =>
    JSON.stringify({ query: `query ${name.replace('-', '_')} ${rest}`, variables: { v: secret } })
  const input = { title: secret, summary: secret }
  const declare = `mutation ($input: DeclareIncidentInput!) { declareIncident(input: $input) { revision } }`
  const sent: [Record<string, string>, string, string?][] = [
    [known, document(secret, '{ viewer { scopes } }')],
    [known, document(secret, `{ incident(id: "${secret}") { id } }`)],
    [known, document(secret, `{ ${secret.replace('-', '_')} }`)],
    [known, JSON.stringify({ query: declare, variables: { input } })],
    [known, `{"query": "${secret}`],
    [known, JSON.stringify({ extensions: { persistedQuery: { sha256Hash: secret } } })],
    [{ ...json, authorization: `Bearer ${secret}` }, '{"query": "{ viewer { scopes } }"}'],
    [{ ...known, 'x-forwarded-for': secret, 'ledger-acting-for': secret }, '{"query": "{ a }"}'],
    [{ ...known, cookie: secret, 'user-agent': secret }, document(secret, '{ a }')],
    [known, '{}', `/graphql?key=${secret}`],
    [known, '{}', `/admin/import?key=${secret}`],
  ]
  const ids: string[] = []
  for (const [headers, body, path = '/graphql'] of sent) {
    const answer = await fetch(server.url + path, { method: 'POST', headers, body })
    ids.push(answer.headers.get('x-request-id')!)
    await answer.text()
  }
  const subscription = `subscription ${secret.replace('-', '_')} { incidentEvents { cursor } }`
  const streams: [string, RequestInit?][] = [
    ['/events/stream'],
    ['/graphql/stream', { method: 'POST', body: JSON.stringify({ query: subscription }) }],
  ]
  for (const [path, request] of streams) {
    const over = new AbortController()
    const answer = await fetch(`${server.url}${path}`, {
      headers: known,
      ...request,
      signal: over.signal,
    })
    ids.push(answer.headers.get('x-request-id')!)
    await answer.body!.getReader().read()
    over.abort()
  }
  const socket = await RawSocket.for(server.url, server.key, { path: `/graphql?key=${secret}` })
  socket.send({ id: secret, type: 'subscribe', payload: { query: subscription } })
  await socket.frame(({ type }) => type === 'next')
  await socket.close()
  for (const path of ['/events/stream', '/graphql/stream', 'socket'])
    await until(() => log.includes(path))
  const closed = once(server.process.stderr!, 'close')
  await server.end('SIGTERM')
  await closed
  const lines = log.trim().split('\n')
  expect(lines.map(line => JSON.parse(line))).toEqual(
    expect.arrayContaining(ids.map(requestId => expect.objectContaining({ requestId }))),
  )
  expect(lines.map(line => JSON.parse(line))).toEqual(
    expect.arrayContaining([
      ...streams.map(([path]) => expect.objectContaining({ path, status: 200, cut: true })),
      expect.objectContaining({ msg: 'socket', begun: 1, ms: expect.any(Number) }),
    ]),
  )
  for (const told of [
    secret,
    secret.replace('-', '_'),
    server.key,
    'declareIncident',
    'incidentEvents',
    'viewer',
  ])
    expect(lines.filter(line => line.includes(told))).toEqual([])
})

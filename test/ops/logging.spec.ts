import { expect, test } from '@jest/globals'
import { fastify } from 'fastify'
import { NestLog, createLog, logRequests } from '../../src/ops/logging.js'

async function lines(
  level: 'info' | 'debug',
  write: (log: Awaited<ReturnType<typeof createLog>>) => unknown,
) {
  const written: string[] = []
  await write(await createLog(level, { write: line => void written.push(line) }))
  return written.map(line => JSON.parse(line))
}

test('a request is one line, without what may be secret in it', async () => {
  const [line, ...more] = await lines('info', async log => {
    const http = fastify({ genReqId: () => 'request-1' })
    logRequests(http, log)
    http.post('/graphql', async (_, reply) => reply.code(201).send('{}'))
    http.get('/health/live', async () => 'ok')
    const url = await http.listen({ port: 0 })
    await fetch(`${url}/health/live`)
    const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' }
    await fetch(`${url}/graphql?token=secret`, { method: 'POST', headers, body: '"secret"' })
    await http.close()
  })
  expect(more).toEqual([])
  expect(line).toEqual({
    level: 30,
    time: expect.any(String),
    requestId: 'request-1',
    method: 'POST',
    path: '/graphql',
    status: 201,
    ms: expect.any(Number),
    msg: 'request',
  })
})

test("Nest's messages keep their fields, their cause and who speaks", async () => {
  const written = await lines('debug', log => {
    const nest = new NestLog(log)
    nest.log('Mapped', 'RouterExplorer')
    nest.warn({ queue: 9 }, 'Slow', 'Store')
    nest.error(new Error('broken'), 'Store')
    nest.error({ err: new Error('broken'), requestId: 'r1' }, 'A fault was masked', 'GraphQL')
  })
  expect(written).toMatchObject([
    { level: 20, context: 'RouterExplorer', msg: 'Mapped' },
    { level: 40, context: 'Store', queue: 9, msg: 'Slow' },
    { level: 50, context: 'Store', msg: 'broken', err: { message: 'broken' } },
    { level: 50, context: 'GraphQL', requestId: 'r1', msg: 'A fault was masked' },
  ])
})

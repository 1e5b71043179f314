import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { LocalSecret } from '../../src/auth/principal.js'
import { configFrom } from '../../src/config.js'
import { createApp } from '../../src/serve.js'
import { client, codeOf, dataOf, newFolder } from '../support/app.js'

const bound = 64 * 1024
const local = new LocalSecret()
let app: Awaited<ReturnType<typeof createApp>>
let ask: (query: string, variables?: object) => ReturnType<ReturnType<typeof client>>
beforeAll(async () => {
  const env = { LEDGER_DATA: newFolder(), LEDGER_LOG: 'silent' }
  const set = { LEDGER_LIMIT_ANSWER_BYTES: String(bound), LEDGER_LIMIT_DEPTH: '5' }
  const config = configFrom({ ...env, ...set })
  app = await createApp(config, { localSecret: local })
  await app.listen(0, '127.0.0.1')
  const asSecret = client(await app.getUrl())
  ask = (query, variables) => asSecret(local.value, query, variables)
})
afterAll(() => app.close())

test('an answer is at most the bound, or a hundred times its request; what was asked is done', async () => {
  const declare = `mutation { declareIncident(input: { title: "x" }) { incident { id } } }`
  const { id } = dataOf(await ask(declare)).declareIncident.incident
  const observe = (selection: string, commandId: string, text = 'x') =>
    ask(
      `mutation ($id: ID!, $input: RecordObservationInput!, $options: CommandOptions) {
        recordObservation(incidentId: $id, input: $input, options: $options) { ${selection} } }`,
      { id, input: { text }, options: { commandId } },
    )
  for (let i = 0; i < 20; i++) dataOf(await observe('revision', `${i}`, 'é'.repeat(1900)))
  // What a request of 600 bytes may be answered with is less than the bound.
  const events = `{ events(first: 100, filter: { incidentId: "${id}" }) { nodes { data } } }`
  expect(await ask(events)).toEqual({
    status: 400,
    errors: [
      {
        message: `The answer is larger than ${bound} bytes: ask for less. A command is done nevertheless.`,
        extensions: {
          code: 'ANSWER_TOO_LARGE',
          details: { max: bound, bytes: expect.any(Number) },
        },
      },
    ],
  })
  const { events: padded } = dataOf(await ask(`${events} #${'x'.repeat(1000)}`))
  expect(padded.nodes).toHaveLength(22)

  const whole = 'revision incident { timeline(first: 100) { nodes { sentence text: sentence } } }'
  const small = 'query R($id: ID!) { incident(id: $id) { revision } }'
  const before = dataOf(await ask(small, { id })).incident.revision
  expect(codeOf(await observe(whole, 'large'))).toBe('ANSWER_TOO_LARGE')
  expect(dataOf(await ask(small, { id })).incident.revision).toBe(before + 1)
  expect(dataOf(await observe('revision', 'large')).recordObservation.revision).toBe(before + 1)
})

test('a limit that was set is the one that holds', async () => {
  const { errors } = await ask('{ a { a { a { a { a { a } } } } } }')
  expect(errors![0]!.extensions).toEqual({
    code: 'TOO_COMPLEX',
    details: { limit: 'depth', max: 5, asked: 6 },
  })
})

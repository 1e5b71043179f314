import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { assertServable, idOf, manifestFrom } from '../../src/api/manifest.js'
import { LocalSecret } from '../../src/auth/principal.js'
import { keyDocuments } from '../../src/cli/key-documents.js'
import { limits } from '../../src/api/limits.js'
import { configFrom } from '../../src/config.js'
import { createApp } from '../../src/serve.js'
import { newFolder, until } from '../support/app.js'
import { sdl } from '../support/sdl.js'

const list = 'query List($n: Int) { incidents(first: $n) { nodes { id } } }'
const declare = 'mutation Declare { declareIncident(input: { title: "x" }) { revision } }'
const other = '{ incidents { nodes { title } } }'
const id = idOf(list)
const relay = { [id]: list, [idOf(declare)]: declare }

async function started(mode: 'prefer' | 'required') {
  const folder = newFolder()
  const file = join(folder, 'manifest.json')
  writeFileSync(file, JSON.stringify(relay))
  const env = { LEDGER_DOCUMENTS: mode, LEDGER_DOCUMENTS_FILE: file, LEDGER_LOG: 'silent' }
  const localSecret = new LocalSecret()
  const app = await createApp(configFrom({ ...env, LEDGER_DATA: folder }), { localSecret })
  await app.listen(0, '127.0.0.1')
  const url = await app.getUrl()
  const ledger = {
    close: () => app.close(),
    async ask(body: object, key = localSecret.value) {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
      const sent = { method: 'POST', headers, body: JSON.stringify(body) }
      const answer = await fetch(`${url}/graphql`, sent)
      const { data, errors } = (await answer.json()) as any
      return { status: answer.status, data, code: errors?.[0].extensions.code }
    },
    async counted(what: 'trusted' | 'other') {
      const text = await (await fetch(`${url}/metrics`)).text()
      return Number(new RegExp(`^ledger_documents_${what}_total (\\d+)$`, 'm').exec(text)![1])
    },
  }
  // Just after the start there are no lists yet.
  await until(async () => (await ledger.ask({ query: list })).data)
  return ledger
}

const persisted = (sha256Hash: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash } },
})
const listed = { status: 200, data: { incidents: { nodes: [] } } }

describe('where trusted documents are required', () => {
  let ledger: Awaited<ReturnType<typeof started>>
  beforeAll(async () => void (ledger = await started('required')))
  afterAll(() => ledger.close())

  test.each<[string, object]>([
    ['by the hash that Apollo sends', persisted(id)],
    ['by the id of the draft of GraphQL over HTTP', { documentId: `sha256:${id}` }],
    ['by its very text', { query: list }],
  ])('one is asked %s, with variables', async (_, named) => {
    expect(await ledger.ask({ ...named, variables: { n: 1 } })).toEqual(listed)
    const tooMany = await ledger.ask({ ...named, variables: { n: 101 } })
    expect(tooMany).toEqual({ status: 400, code: 'INVALID_INPUT' })
  })

  test.each<[string, object, string]>([
    ['another document', { query: other }, 'DOCUMENT_NOT_TRUSTED'],
    ['the same with a space more', { query: `${list} ` }, 'DOCUMENT_NOT_TRUSTED'],
    [
      'another document under a hash that is known',
      { query: other, ...persisted(id) },
      'DOCUMENT_NOT_TRUSTED',
    ],
    ['introspection', { query: '{ __schema { types { name } } }' }, 'DOCUMENT_NOT_TRUSTED'],
    ['a hash that is not known', persisted(idOf(other)), 'PERSISTED_QUERY_NOT_FOUND'],
    ['an id that is none', { documentId: 'sha256:constructor' }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['nothing', { variables: {} }, 'BAD_REQUEST'],
    [
      'a hash that is no text',
      { extensions: { persistedQuery: { sha256Hash: [id] } } },
      'BAD_REQUEST',
    ],
  ])('%s is refused', async (_, body, code) => {
    expect(await ledger.ask(body)).toEqual({ status: 400, code })
  })

  test('who has no key is not told which are known', async () => {
    for (const hash of [id, idOf(other)])
      expect(await ledger.ask(persisted(hash), 'nobody')).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
      })
  })

  test('the command line goes on working', async () => {
    expect(await ledger.ask({ query: keyDocuments.list })).toMatchObject({ status: 200 })
  })
})

test('where they are preferred the others are run too, and counted', async () => {
  const ledger = await started('prefer')
  try {
    const before = await ledger.counted('trusted')
    expect(await ledger.ask(persisted(id))).toEqual(listed)
    // What Apollo's client does when it is told that a hash is not known.
    expect(await ledger.ask(persisted(idOf(other)))).toMatchObject({
      code: 'PERSISTED_QUERY_NOT_FOUND',
    })
    expect(await ledger.ask({ query: other, ...persisted(idOf(other)) })).toEqual(listed)
    expect(await ledger.counted('trusted')).toBe(before + 1)
    expect(await ledger.counted('other')).toBe(2)
  } finally {
    await ledger.close()
  }
})

const apollo = (...bodies: string[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: bodies.map(body => ({ id: idOf(body), name: 'x', type: 'query', body })),
})

test.each<[string, object]>([
  ['of Relay and GraphQL Code Generator', relay],
  ['of Apollo', apollo(list, declare)],
  ['with prefixed ids', { [`sha256:${id}`]: list, [idOf(declare)]: declare }],
])('a manifest is read in the shape %s', (_, json) => {
  expect(Object.fromEntries(manifestFrom(json))).toEqual(relay)
  expect(() => assertServable(manifestFrom(json), sdl, limits)).not.toThrow()
})

test.each<[unknown, RegExp]>([
  [[], /^is neither/],
  ['x', /^is neither/],
  [{ [id]: 1 }, /^is neither/],
  [{ operations: [{ id }] }, /^is neither/],
  [{ x: list }, /x is not the SHA-256 of its document$/],
  [{ [id]: declare }, /is not the SHA-256/],
  [apollo('query Wrong { nonsense }'), /Wrong \(\w{64}\): Cannot query field "nonsense"/],
  [apollo('query Half {'), /\(\w{64}\): Syntax Error/],
  [apollo('fragment F on Query { __typename }'), /There is no such operation/],
  [apollo('query Big { incidents(first: 101) { nodes { id } } }'), /Big .*`first` is 1 to 100/],
])('%j is no manifest to serve', (json, mistake) =>
  expect(() => assertServable(manifestFrom(json), sdl, limits)).toThrow(mistake),
)

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { gathered } from '../../src/api/gathered-documents.js'
import { limits } from '../../src/api/limits.js'
import { idOf, manifestFrom } from '../../src/api/manifest.js'
import { newFolder } from '../support/app.js'
import { ran } from '../support/server.js'

const board = 'query Board { incidents { nodes { ...Row } } }'
const row =
  'fragment Row on IncidentSummary { id ...Head } fragment Head on IncidentSummary { title }'

test('a folder of documents becomes a manifest, and a broken manifest keeps the server from starting', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'deep'))
  writeFileSync(join(folder, 'board.graphql'), board)
  writeFileSync(join(folder, 'deep', 'row.gql'), row)
  const manifest = join(newFolder(), 'manifest.json')
  writeFileSync(manifest, JSON.stringify({ [idOf('{ nonsense }')]: '{ nonsense }' }))
  const env = { LEDGER_DOCUMENTS: 'required', LEDGER_DOCUMENTS_FILE: manifest }
  const [made, refused, missing] = await Promise.all([
    ran(['documents', folder]),
    ran(['--data', newFolder(), 'serve'], env),
    ran(['--data', newFolder(), 'serve'], { ...env, LEDGER_DOCUMENTS_FILE: '/no/such/file' }),
  ])
  expect([made.code, made.err]).toEqual([0, ''])
  const { operations, ...rest } = JSON.parse(made.out)
  expect(rest).toEqual({ format: 'apollo-persisted-query-manifest', version: 1 })
  const { body } = operations[0]
  expect(operations).toEqual([{ id: idOf(body), name: 'Board', type: 'query', body }])
  expect(body).toMatch(/^query Board .*fragment Row .*fragment Head /s)
  expect(manifestFrom(JSON.parse(made.out)).get(idOf(body))).toBe(body)

  expect([refused.code, refused.out]).toEqual([78, ''])
  expect(refused.err).toMatch(
    /LEDGER_DOCUMENTS_FILE cannot be used: an operation without a name \(\w{64}\): Cannot query/,
  )
  expect([missing.code, missing.out]).toEqual([78, ''])
  expect(missing.err).toContain(
    'LEDGER_DOCUMENTS_FILE names no file: /no/such/file. “incident-ledger documents FOLDER” prints',
  )
})

test('a folder that is not there is named', async () => {
  const { code, out, err } = await ran(['documents', '/no/such/folder'])
  expect([code, out, err]).toEqual([1, '', '/no/such/folder is no folder.\n'])
})

test.each<[string, string, RegExp]>([
  ['an operation without a name', '{ viewer { scopes } }', /a.graphql: an operation needs a name/],
  ['two of one name', 'query A { __typename } query A { __typename }', /another operation A/],
  ['what is no GraphQL', 'query {', /a.graphql: Syntax Error/],
  ['what the schema lacks', 'query A { nonsense }', /a.graphql, A: Cannot query field "nonsense"/],
  ['a fragment that is nowhere', 'query A { ...F }', /a.graphql, A: Unknown fragment "F"/],
])('%s is told with its file', (_, text, mistake) => {
  const { mistakes } = gathered([{ path: 'a.graphql', text }], limits)
  expect(mistakes).toEqual([expect.stringMatching(mistake)])
})

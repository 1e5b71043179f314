import { describe, expect, test } from '@jest/globals'
import { Admission } from '../../src/api/admission.js'
import { limits } from '../../src/api/limits.js'
import { idOf } from '../../src/api/manifest.js'
import { TrustedDocuments } from '../../src/api/trusted-documents.js'
import type { Principal } from '../../src/auth/principal.js'
import { Rates } from '../../src/auth/rates.js'
import { sdl } from '../support/sdl.js'

const alice: Principal = {
  actor: { type: 'USER', id: 'alice' },
  scopes: new Set(['INCIDENTS_READ']),
  account: 'alice',
}
const admission = (burst: number) => {
  const rates = new Rates({ perMinute: 1, burst, wrongPerMinute: 1 }, () => 0)
  const made = new Admission(limits, new TrustedDocuments('off', new Map()), rates)
  made.serve(sdl)
  return made
}
const free = { perMinute: 0, burst: 1, wrongPerMinute: 0 }
const list = { query: '{ incidents(first: 5) { nodes { id } } }' }
const declare = 'mutation { declareIncident(input: { title: "x" }) { revision } }'
const codesOf = (judged: object) =>
  'refused' in judged ? (judged.refused as any[]).map(one => one.extensions.code) : 'admitted'

describe('whatever transport a request comes by', () => {
  test.each<[string, object, string]>([
    ['a document', list, '"cost";r=94;t=1'],
    ['a document that is not valid', { query: '{ nonsense }' }, '"cost";r=90;t=1'],
    ['a document beyond the scopes', { query: declare }, '"cost";r=90;t=1'],
    ['no document', {}, '"cost";r=90;t=1'],
  ])('%s is paid for as it was measured', (_, request, left) => {
    const { headers } = admission(100).judge(request, alice)
    expect(Object.fromEntries(headers)['ratelimit']).toBe(left)
  })

  test('nothing is read, or refused for what it says, once nothing is left to who asks', () => {
    const empty = admission(1)
    expect(codesOf(empty.judge(list, alice))).toBe('admitted')
    for (const request of [list, { query: '{ nonsense }' }, {}])
      expect(codesOf(empty.judge(request, alice))).toEqual(['RATE_LIMITED'])
  })

  test('who is unknown is told nothing else', () => {
    for (const request of [list, { query: '{ nonsense }' }, {}])
      expect(codesOf(admission(1).judge(request, undefined))).toEqual(['UNAUTHENTICATED'])
  })

  test('a request that names a trusted document is judged by what it says', () => {
    const sha256Hash = idOf(list.query)
    const documents = new TrustedDocuments('required', new Map([[sha256Hash, list.query]]))
    const strict = new Admission(limits, documents, new Rates(free))
    strict.serve(sdl)
    const named = { query: '', extensions: { persistedQuery: { version: 1, sha256Hash } } }
    expect(codesOf(strict.judge(named, alice))).toBe('admitted')
    expect(named.query).toBe(list.query)
    expect(codesOf(strict.judge({ query: declare }, alice))).toEqual(['DOCUMENT_NOT_TRUSTED'])
  })

  test.each([
    ['without a document', {}],
    ['with an empty one', { query: '' }],
    ['that names one, where none are kept', { extensions: { persistedQuery: {} } }],
    ['that also names one', { ...list, extensions: { persistedQuery: {} } }],
  ])('a request %s is a bad one', (_, request) =>
    expect(codesOf(admission(100).judge(request, alice))).toEqual(['BAD_REQUEST']),
  )
})

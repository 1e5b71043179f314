import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { Logger } from '@nestjs/common'
import { IssuerKeys, NoKeys } from '../../src/auth/issuer-keys.js'
import { Issuer, newSigningKey } from '../support/issuer.js'

const warned: string[] = []
const [first, second] = [newSigningKey('ES256', 'first'), newSigningKey('ES256', 'second')]
let issuer: Issuer
beforeAll(async () => {
  issuer = await Issuer.start([first])
  const warn = (text: string) => void warned.push(text)
  Logger.overrideLogger({ log() {}, error() {}, warn })
})
afterAll(() => issuer.end())

let seconds: number
let keys: IssuerKeys
beforeEach(() => {
  seconds = 1000
  issuer.keys = [first]
  issuer.answer = issuer.published
  issuer.asked = 0
  warned.length = 0
  keys = new IssuerKeys(`${issuer.url}/jwks`, () => seconds * 1000)
})

const found = (kid: string) =>
  Promise.resolve(keys.find({ alg: 'ES256', kid }, { payload: '', signature: '' })).then(
    () => 'found',
    (error: Error) => (error instanceof NoKeys ? 'no keys' : error.constructor.name),
  )
const broken = (response: ServerResponse) => response.writeHead(503).end('Out of order')

test('keys are fetched once, however many ask at first', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, () => found('first')))
  expect(new Set(all)).toEqual(new Set(['found']))
  expect(issuer.asked).toBe(1)
})

test('a new key is found when it is first named', async () => {
  expect(await found('first')).toBe('found')
  issuer.keys = [second, first]
  seconds += 31
  expect(await found('second')).toBe('found')
  expect(issuer.asked).toBe(2)
})

test('unknown keys make us fetch once in 30 seconds, whoever names them', async () => {
  for (let n = 0; n < 200; n++) {
    seconds += 1
    expect(await found(`unknown-${n}`)).toBe('JWKSNoMatchingKey')
    expect(await found('first')).toBe('found')
  }
  expect(issuer.asked).toBeLessThanOrEqual(1 + 200 / 30)
})

test('a key that was withdrawn is no key ten minutes later', async () => {
  expect(await found('first')).toBe('found')
  issuer.keys = [second]
  seconds += 599
  expect(await found('first')).toBe('found')
  seconds += 1
  expect(await found('first')).toBe('JWKSNoMatchingKey')
})

test('the last keys are good for as long as the issuer is out of reach, and it is asked now and then', async () => {
  expect(await found('first')).toBe('found')
  issuer.answer = broken
  for (let hour = 0; hour < 24; hour++) {
    seconds += 3600
    expect(await found('first')).toBe('found')
    expect(await found('first')).toBe('found')
  }
  expect(issuer.asked).toBe(25)
  expect(keys.failures).toBe(24)
  expect(keys.check()).toEqual({
    ok: true,
    detail: '1 keys, fetched 86400 s ago; the issuer: it answered with the status 503',
  })
  expect(warned).toEqual([
    'The keys of the issuer cannot be fetched: it answered with the status 503',
  ])
  issuer.answer = issuer.published
  seconds += 31
  expect(await found('first')).toBe('found')
  expect(keys.check().detail).toBe('1 keys, fetched 0 s ago')
  expect(warned.at(-1)).toBe('The keys of the issuer are fetched again')
})

test('without a first set no token can be checked, and two seconds later it is tried again', async () => {
  issuer.answer = broken
  expect(await found('first')).toBe('no keys')
  issuer.answer = issuer.published
  expect(await found('first')).toBe('no keys')
  seconds += 2
  expect(await found('first')).toBe('found')
  expect(issuer.asked).toBe(2)
})

test('a clock that is set back holds up no fetch', async () => {
  expect(await found('first')).toBe('found')
  issuer.keys = [second]
  seconds -= 3600
  expect(await found('second')).toBe('found')
})

test.each<[string, (response: ServerResponse) => unknown, string]>([
  ['not found', r => r.writeHead(404).end(), 'it answered with the status 404'],
  [
    'a redirect',
    r => r.writeHead(302, { location: `${issuer.url}/elsewhere` }).end(),
    'it answered with the status 302',
  ],
  [
    'a page',
    r => r.end('<!doctype html><p>Sign in'),
    'it answered with something that is not JSON',
  ],
  ['nothing', r => r.end(), 'it answered with something that is not JSON'],
  ['no set', r => r.end('{"keys":{}}'), 'JSON Web Key Set malformed'],
  ['null', r => r.end('null'), 'JSON Web Key Set malformed'],
  ['far too much', r => r.end(' '.repeat(70_000)), 'it answered with more than 65536 bytes'],
])('an issuer that answers %s has given no keys', async (_, answer, reason) => {
  issuer.answer = answer
  expect(await found('first')).toBe('no keys')
  expect(keys.check().detail).toBe(`no keys; the issuer: ${reason}`)
  expect(issuer.asked).toBe(1)
})

test('what comes without end, or drop by drop, is given up', async () => {
  let dripping: NodeJS.Timeout | undefined
  issuer.answer = response => (dripping = setInterval(() => response.write(' '), 100))
  const started = performance.now()
  expect(await found('first')).toBe('no keys')
  expect(performance.now() - started).toBeLessThan(30_000)
  clearInterval(dripping)
  expect(keys.check().detail).toBe('no keys; the issuer: it did not answer within 3000 ms')
})

test('half an answer, or an address that nobody listens on, is no fault of the program', async () => {
  issuer.answer = r => (r.writeHead(200, { 'content-length': 9 }).write('{'), r.destroy())
  expect(await found('first')).toBe('no keys')
  expect(keys.check().detail).toMatch(/^no keys; the issuer: \S/)
  keys = new IssuerKeys('http://127.0.0.1:9/jwks', () => seconds * 1000)
  expect(await found('first')).toBe('no keys')
  expect(keys.check().detail).toMatch(/^no keys; the issuer: \S/)
})

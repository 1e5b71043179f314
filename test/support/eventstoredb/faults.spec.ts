import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { EventStoreDBClient } from '@eventstore/db-client'
import { type CallKind, type Fault, fault } from './faults.js'
import { event, events, numberOf, numbers, outcome, outcomeLike, until } from './looking.js'
import { TestServer } from './server.js'

let server: TestServer
let client: EventStoreDBClient
beforeEach(async () => {
  server = await TestServer.start()
  client = EventStoreDBClient.connectionString(server.url)
  await client.appendToStream('s', events(1, 2, 3, 4))
})
afterEach(async () => {
  // A batch append stream that the server has ended is one the client waits for without end.
  await outcome(client.dispose(), 100)
  await server.stop()
})

/** The client cannot dispose of an append with credentials; only its deadline ends it. */
const unary = { credentials: { username: 'somebody', password: 'something' }, deadline: 10_000 }
const append = (options = {}) => client.appendToStream('s', event(5), options)
const read = () => numbers(client.readStream('s'))
const stored = () => server.log.stream('s').length > 4

/**
 * What the client makes of an append by each path, and whether the event is stored. A refused
 * connection is an error without a type; where the leader is said to be at port 1, the client goes.
 */
const appends: Array<[string, Fault, unknown, unknown, boolean]> = [
  ['silent', fault.silent, 'PENDING', 'PENDING', false],
  ['late', fault.late(400), 'PENDING', 'PENDING', true],
  ['slow', fault.slow(400), 'PENDING', 'PENDING', false],
  ['half', fault.half, 'PENDING', 'PENDING', true],
  ['halfThenReset', fault.halfThenReset, 'unavailable', 'unavailable', true],
  ['endStream', fault.endStream, 'PENDING', 'unknown', false],
  ['reset', fault.reset, 'unavailable', 'unavailable', false],
  ['notReady', fault.notReady, 'unknown', 'unavailable', false],
  ['timedOut', fault.timedOut, 'deadline-exceeded', 'timeout', false],
  ['commitThenTimedOut', fault.commitThenTimedOut, 'deadline-exceeded', 'timeout', true],
  ['unavailable', fault.unavailable, 'unavailable', 'unavailable', false],
  ['notLeader', fault.notLeader, 'not-leader', 'not-leader', false],
  ['leaderIsAt', fault.leaderIsAt(1), 'not-leader', 'unavailable', false],
  ['commitSilently', fault.commitSilently, 'PENDING', 'PENDING', true],
  ['commitThenReset', fault.commitThenReset, 'unavailable', 'unavailable', true],
  ['commitThenEnd', fault.commitThenEnd, 'PENDING', 'unknown', true],
  ['commitThenUnavailable', fault.commitThenUnavailable, 'unavailable', 'unavailable', true],
]

describe('An append that meets', () => {
  test.each(appends)('%s settles as it should', async (_, met, byBatch, byUnary, isStored) => {
    server.faults.next('append', met)
    expect(await outcomeLike(byBatch, append())).toBe(byBatch)
    if (isStored) await until(stored)
    expect(stored()).toBe(isStored)
    server.faults.next('append', met)
    expect(await outcomeLike(byUnary, append(unary))).toBe(byUnary)
  })

  test('late is answered in the end', async () => {
    server.faults.next('append', fault.late(100))
    const answered = append()
    expect(await outcome(answered, 30)).toBe('PENDING')
    expect(await outcome(answered)).toBe('OK')
  })

  test('slow is stored no sooner than it is answered', async () => {
    server.faults.next('append', fault.slow(100))
    const answered = append()
    expect([await outcome(answered, 30), stored()]).toEqual(['PENDING', false])
    expect([await outcome(answered), stored()]).toEqual(['OK', true])
  })

  test('a lost answer is found stored by the same ids at the same revision', async () => {
    const same = event(5, randomUUID())
    const again = () => client.appendToStream('s', same, { expectedRevision: 3n })
    server.faults.next('append', fault.commitThenReset)
    expect(await outcome(again())).toBe('unavailable')
    expect(await again()).toMatchObject({ nextExpectedRevision: 4n })
    expect(server.log.stream('s')).toHaveLength(5)
  })
})

const reads: Array<[string, Fault, unknown]> = [
  ['silent', fault.silent, 'PENDING'],
  ['late', fault.late(400), 'PENDING'],
  ['half', fault.half, 'PENDING'],
  ['halfThenReset', fault.halfThenReset, 'unavailable'],
  ['endStream', fault.endStream, []],
  ['reset', fault.reset, 'unavailable'],
  ['notReady', fault.notReady, 'unavailable'],
  ['timedOut', fault.timedOut, 'timeout'],
  ['unavailable', fault.unavailable, 'unavailable'],
  ['notLeader', fault.notLeader, 'not-leader'],
  ['cutAt', fault.cutAt(2), 'unavailable'],
  ['cutAt, gracefully', fault.cutAt(2, { gracefully: true }), [1, 2]],
  ['cutAt behind its end', fault.cutAt(9), [1, 2, 3, 4]],
  ['resetAt', fault.resetAt(2), 'unavailable'],
]

test.each(reads)('A read that meets %s ends as it should', async (_, met, expected) => {
  server.faults.next('read', met)
  const answered = read()
  const became = await outcomeLike(expected, answered)
  expect(became === 'OK' ? await answered : became).toEqual(expected)
  expect(await read()).toEqual([1, 2, 3, 4])
})

const subscriptions: Array<[string, Fault, number[], unknown]> = [
  ['silent', fault.silent, [], 'PENDING'],
  ['half', fault.half, [1, 2], 'PENDING'],
  ['halfThenReset', fault.halfThenReset, [1, 2], 'unavailable'],
  ['endStream', fault.endStream, [], 'OK'],
  ['reset', fault.reset, [], 'unavailable'],
  ['unavailable', fault.unavailable, [], 'unavailable'],
  ['notLeader', fault.notLeader, [], 'not-leader'],
  ['cutAt', fault.cutAt(3), [1, 2, 3], 'unavailable'],
  ['cutAt nothing', fault.cutAt(0), [], 'unavailable'],
  ['cutAt, gracefully', fault.cutAt(3, { gracefully: true }), [1, 2, 3], 'OK'],
]

test.each(subscriptions)('A subscription that meets %s breaks off so', async (...row) => {
  const [, met, expected, end] = row
  server.faults.next('subscribe', met)
  const seen: number[] = []
  const subscription = client.subscribeToAll()
  subscription.on('data', resolved => seen.push(numberOf(resolved)))
  const ended = new Promise((resolve, reject) => {
    subscription.once('end', resolve).once('error', reject)
  })
  expect(await outcomeLike(end, ended)).toBe(end)
  if (end === 'PENDING') await until(() => seen.length === expected.length)
  // A reset may overtake what was sent before it.
  if (end === 'unavailable') expect(expected.slice(0, seen.length)).toEqual(seen)
  else expect(seen).toEqual(expected)
})

describe('Faults', () => {
  test('are met by so many calls of their kind, in the order they were told', async () => {
    server.faults.next('read', fault.unavailable, 2)
    server.faults.next('read', fault.timedOut)
    expect(server.faults.pending('read')).toBe(3)
    expect(await outcome(append())).toBe('OK')
    expect(await outcome(read())).toBe('unavailable')
    expect(await outcome(read())).toBe('unavailable')
    expect(await outcome(read())).toBe('timeout')
    expect(await outcome(read())).toBe('OK')
  })

  test('stand until they are cleared', async () => {
    const kinds: CallKind[] = ['append', 'read']
    for (const kind of kinds) server.faults.always(kind, fault.unavailable)
    expect(await outcome(read())).toBe('unavailable')
    expect(await outcome(append())).toBe('unavailable')
    server.faults.clear('read')
    expect(await outcome(read())).toBe('OK')
    expect(await outcome(append())).toBe('unavailable')
    server.faults.clear()
    expect(await outcome(append())).toBe('OK')
  })
})

describe('A server', () => {
  test('that stops refuses connections, and has its log when it is back', async () => {
    const subscription = client.subscribeToAll()
    const broken = new Promise((_, reject) => subscription.once('error', reject))
    await new Promise(resolve => subscription.once('confirmation', resolve))
    subscription.resume()
    await server.stop()
    expect(await outcome(broken)).toBe('unavailable')
    expect(await outcome(append())).toBe(14)
    const { port } = server
    await server.restart()
    expect(server.port).toBe(port)
    expect(await read()).toEqual([1, 2, 3, 4])
  })

  test('that drops all resets what is open and serves what comes next', async () => {
    server.faults.next('append', fault.silent)
    const pending = append()
    expect(await outcome(pending, 50)).toBe('PENDING')
    server.dropAll()
    expect(await outcome(pending)).toBe('unavailable')
    expect(await outcome(append())).toBe('OK')
  })
})

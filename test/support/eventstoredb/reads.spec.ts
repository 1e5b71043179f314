import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import {
  EventStoreDBClient,
  type Position,
  type ResolvedEvent,
  streamNameFilter,
} from '@eventstore/db-client'
import { events, numberOf, numbers, outcome } from './looking.js'
import { TestServer } from './server.js'

let server: TestServer
let client: EventStoreDBClient
beforeEach(async () => {
  server = await TestServer.start()
  client = EventStoreDBClient.connectionString(server.url)
})
afterEach(async () => {
  await client.dispose()
  await server.stop()
})

const append = (stream: string, ...told: number[]) => client.appendToStream(stream, events(...told))
const at = (position: number): Position => ({ commit: BigInt(position), prepare: BigInt(position) })
const places = () => server.log.all.map(({ position }) => position)
const backwards = { direction: 'backwards' } as const

describe('A stream', () => {
  beforeEach(() => append('s', 1, 2, 3, 4))

  test.each([
    ['forwards from the start', {}, [1, 2, 3, 4]],
    ['forwards from a revision, with it', { fromRevision: 2n }, [3, 4]],
    ['forwards from behind the last', { fromRevision: 9n }, []],
    ['forwards, so many', { fromRevision: 1n, maxCount: 2 }, [2, 3]],
    ['backwards from the end', { ...backwards, fromRevision: 'end' as const }, [4, 3, 2, 1]],
    ['backwards from a revision, with it', { ...backwards, fromRevision: 1n }, [2, 1]],
    ['backwards, so many', { ...backwards, fromRevision: 'end' as const, maxCount: 1 }, [4]],
  ])('is read %s', async (_, options, expected) => {
    expect(await numbers(client.readStream('s', options))).toEqual(expected)
  })

  test('that is not there is not found', async () => {
    expect(await outcome(numbers(client.readStream('t')))).toBe('stream-not-found')
  })

  test('names positions, as $all does', async () => {
    for await (const read of client.readStream('s', { maxCount: 1 })) {
      expect(read.commitPosition).toBe(BigInt(places()[Number(read.event!.revision)]!))
      expect(read.event!.position).toEqual(at(places()[Number(read.event!.revision)]!))
    }
  })

  test.each([
    ['$maxCount keeps the newest', { maxCount: 1 }, [4]],
    ['$tb hides what is before it', { truncateBefore: 2 }, [3, 4]],
    ['$tb past the end hides everything', { truncateBefore: 99 }, []],
  ])('obeys its metadata at once: %s', async (_, metadata, expected) => {
    await client.setStreamMetadata('s', metadata)
    expect(await numbers(client.readStream('s'))).toEqual(expected)
    expect((await client.getStreamMetadata('s')).metadata).toEqual(metadata)
    expect(server.log.stream('s')).toHaveLength(4)
  })

  test('once deleted is not found, and goes on with its numbering', async () => {
    await client.deleteStream('s')
    expect(await outcome(numbers(client.readStream('s')))).toBe('stream-not-found')
    const revived = await client.appendToStream('s', events(5), { expectedRevision: 'no_stream' })
    expect(revived.nextExpectedRevision).toBe(4n)
    expect(await numbers(client.readStream('s'))).toEqual([5])
  })

  test('is followed from after a revision on', async () => {
    const subscription = client.subscribeToStream('s', { fromRevision: 1n })
    await append('s', 5)
    expect(await numbers(subscription, 3)).toEqual([3, 4, 5])
  })
})

describe('$all', () => {
  test('has growing positions with gaps, the same for commit and prepare', async () => {
    await append('a', 1)
    await append('b', 2, 3)
    const read: ResolvedEvent[] = []
    for await (const resolved of client.readAll()) read.push(resolved)
    expect(read.map(({ commitPosition }) => commitPosition)).toEqual(places().map(BigInt))
    expect(read.map(({ event }) => event!.position)).toEqual(places().map(at))
    const [first, second, third] = places()
    expect(second! - first!).toBeGreaterThan(100)
    expect(third).toBeGreaterThan(second!)
  })

  test('is read forwards with the position, backwards without it', async () => {
    await append('a', 1, 2, 3)
    const fromPosition = at(places()[1]!)
    expect(await numbers(client.readAll({ fromPosition }))).toEqual([2, 3])
    expect(await numbers(client.readAll({ fromPosition, ...backwards }))).toEqual([1])
    const head = { ...backwards, fromPosition: 'end' as const, maxCount: 1 }
    expect(await numbers(client.readAll(head))).toEqual([3])
  })

  test('cannot be read from a place where no record begins', async () => {
    await append('a', 1, 2)
    const fromPosition = at(places()[0]! + 1)
    expect(await outcome(numbers(client.readAll({ fromPosition })))).toBe('unknown')
    expect(await outcome(numbers(client.subscribeToAll({ fromPosition })))).toBe('unknown')
  })

  test('keeps what metadata hides, the metadata, and the noise of the server', async () => {
    await append('a', 1, 2)
    await client.setStreamMetadata('a', { maxCount: 1 })
    server.log.noise(2)
    const types = []
    for await (const { event } of client.readAll()) types.push(event!.type)
    const stats = '$statsCollected'
    expect(types).toEqual(['Counted', 'Counted', '$metadata', stats, stats])
  })
})

describe('A subscription to $all', () => {
  const prefixes = ['ours-']

  test('is confirmed, catches up and goes on without a gap or a repeat', async () => {
    for (let n = 0; n < 50; n++) server.log.foreign('ours-a', { data: { n } })
    const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes }) })
    const confirmed = new Promise(resolve => subscription.once('confirmation', resolve))
    const seen = numbers(subscription, 100)
    await confirmed
    for (let n = 50; n < 100; n++) await append(n % 2 ? 'ours-b' : 'ours-c', n)
    expect(await seen).toEqual(Array.from({ length: 100 }, (_, n) => n))
  })

  test('leaves out its start position and what its filter does not want', async () => {
    await append('ours-a', 1)
    await append('theirs', 2)
    await append('ours-b', 3)
    const filter = streamNameFilter({ regex: '^ours-' })
    const fromPosition = at(places()[0]!)
    expect(await numbers(client.subscribeToAll({ filter, fromPosition }), 1)).toEqual([3])
  })

  test('from the end sees only what is new', async () => {
    await append('ours-a', 1)
    const subscription = client.subscribeToAll({ fromPosition: 'end' })
    await new Promise(resolve => subscription.once('confirmation', resolve))
    await append('ours-a', 2)
    expect(await numbers(subscription, 1)).toEqual([2])
  })

  test.each([
    ['EXACT', () => [places()[9], places()[19], places()[29]]],
    ['STALE', () => [places()[9], places()[19], places()[20]]],
    ['AHEAD', () => [places()[9], places()[19], places()[20], places()[29]]],
  ] as const)('tells checkpoints, %s, by what it looked at', async (checkpoints, expected) => {
    server.checkpoints = checkpoints
    server.log.noise(20)
    const told: number[] = []
    const checkpointReached = async (_: unknown, { commit }: Position) => {
      told.push(Number(commit))
    }
    const window = { checkpointInterval: 2, maxSearchWindow: 5, checkpointReached }
    const filter = streamNameFilter({ prefixes, ...window })
    const subscription = client.subscribeToAll({ filter })
    await new Promise(resolve => subscription.once('confirmation', resolve))
    const seen = numbers(subscription, 1)
    server.log.noise(10)
    await append('ours-a', 1)
    expect(await seen).toEqual([1])
    expect(told).toEqual(expected())
  })

  test('holds nothing back for a consumer that does not read', async () => {
    const text = 'x'.repeat(10_000)
    for (let n = 0; n < 2_000; n++) server.log.foreign('ours-a', { data: { n, text } })
    const subscription = client.subscribeToAll({}, { highWaterMark: 1 })
    const first = subscription[Symbol.asyncIterator]()
    expect(numberOf((await first.next()).value)).toBe(0)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(server.sent).toBeLessThan(1_000)
    expect(await numbers({ [Symbol.asyncIterator]: () => first }, 1_999)).toHaveLength(1_999)
  })
})

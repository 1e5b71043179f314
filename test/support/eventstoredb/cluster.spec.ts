import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { EventStoreDBClient } from '@eventstore/db-client'
import { TestCluster } from './cluster.js'
import { event, events, numbers, outcome } from './looking.js'
import type { TestServer } from './server.js'

let cluster: TestCluster
const clients: EventStoreDBClient[] = []
beforeEach(async () => {
  cluster = await TestCluster.start()
})
afterEach(async () => {
  await Promise.all(clients.splice(0).map(client => client.dispose()))
  await cluster.stop()
})

function connect(url: string) {
  const client = EventStoreDBClient.connectionString(url)
  clients.push(client)
  return client
}

const follower = (): TestServer => cluster.followers[0]!
const read = (client: EventStoreDBClient, options = {}) => numbers(client.readStream('s', options))

test('the client finds the leader by gossip', async () => {
  cluster.moveLeader(cluster.nodes[2])
  await connect(cluster.url).appendToStream('s', event(1))
  expect(cluster.nodes.map(({ calls }) => calls.append)).toEqual([0, 0, 1])
})

test('an append through a follower succeeds, unless the leader is required', async () => {
  const client = connect(follower().url)
  await client.appendToStream('s', event(1))
  expect(cluster.log.stream('s')).toHaveLength(1)
  const required = client.appendToStream('s', event(2), { requiresLeader: true })
  expect(await outcome(required)).toBe('OK')
})

test('a follower that is asked for the leader says where it is', async () => {
  const client = connect(follower().url)
  const leader = { address: '127.0.0.1', port: cluster.leader!.port }
  const answered = read(client, { requiresLeader: true })
  await expect(answered).rejects.toMatchObject({ type: 'not-leader', leader })
  await client.appendToStream('s', event(1))
  expect(cluster.leader!.calls.append).toBe(1)
})

test('a follower that lags answers what was, and catches up', async () => {
  const [onLeader, onFollower] = [connect(cluster.leader!.url), connect(follower().url)]
  await onLeader.appendToStream('s', event(1))
  const followed = numbers(onFollower.subscribeToStream('s'), 2)
  expect(await read(onFollower)).toEqual([1])
  follower().view.pause()
  await onLeader.appendToStream('s', event(2))
  expect(await read(onFollower)).toEqual([1])
  expect(await numbers(onFollower.readAll())).toEqual([1])
  expect(await outcome(followed, 50)).toBe('PENDING')
  follower().view.resume()
  expect(await read(onFollower)).toEqual([1, 2])
  expect(await followed).toEqual([1, 2])
})

test('without a leader nothing is appended, and reads go on', async () => {
  const client = connect(cluster.leader!.url)
  await client.appendToStream('s', events(1))
  cluster.loseLeader()
  expect(await outcome(client.appendToStream('s', event(2)))).toBe('unknown')
  expect(await read(client)).toEqual([1])
  cluster.moveLeader()
  expect(await outcome(client.appendToStream('s', event(2)))).toBe('OK')
})

test('when the leader is gone the client goes to the next, and nothing is lost', async () => {
  const client = connect(`${cluster.url}&discoveryInterval=10`)
  await client.appendToStream('s', events(1))
  await cluster.leader!.stop()
  cluster.moveLeader()
  await outcome(client.appendToStream('s', event(2), { expectedRevision: 0n }))
  const again = client.appendToStream('s', event(3), { expectedRevision: 0n })
  expect(await outcome(again)).toBe('OK')
  expect(await read(client)).toEqual([1, 3])
})

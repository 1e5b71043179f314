import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { Misconfigured, configFrom } from '../src/config.js'
import { newFolder } from './support/app.js'
import { shell, startServer } from './support/server.js'
import { flags } from './support/start-flags.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')

interface Service {
  image: string
  build?: string
  profiles?: string[]
  user?: string
  network_mode?: string
  networks?: string[]
  entrypoint?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[]; interval: string; timeout: string; retries: number }
  ports?: string[]
  volumes?: string[]
  stop_grace_period?: string
}
interface Compose {
  services: Record<string, Service>
  volumes: Record<string, null>
  networks: Record<string, { internal?: boolean } | null>
}
const text = read('docker-compose.yml')
const { services, volumes, networks } = parse(text, { merge: true }) as Compose
const all = Object.entries(services)
const nodes = ['node1', 'node2', 'node3']
const ledgers = ['ledger', 'ledger-a', 'ledger-b']
const seconds = (time: string) => Number(/^(\d+)s$/.exec(time)?.[1])

/** Names in the LEDGER_ family that the program would refuse to start with. */
function unknownSettings(environment: Record<string, string>): string[] {
  try {
    configFrom(environment)
    return []
  } catch (error) {
    return (error as Misconfigured).mistakes.filter(mistake => mistake.includes('not a setting'))
  }
}

describe('docker-compose.yml', () => {
  test('has one ledger on one node, and by profile two on a cluster of three', () => {
    const names = (profile?: string) =>
      all.filter(([, { profiles }]) => profiles?.[0] === profile).map(([name]) => name)
    expect(names()).toEqual(['ledger', 'eventstore'])
    expect(names('cluster')).toEqual(['certificates', ...nodes, 'ledger-a', 'ledger-b'])
  })

  test('names every image with a version', () => {
    for (const [name, { image }] of all)
      expect([name, image]).toEqual([name, expect.stringMatching(/:(\d[\w.-]*\}?|local)$/)])
    expect(text + read('Dockerfile')).not.toMatch(/:latest\b/)
  })

  test.each(all)(
    'lets %s wait only for what it starts, and what tells that it is there',
    (...of) => {
      const [, { depends_on = {}, profiles }] = of
      for (const [name, { condition }] of Object.entries(depends_on)) {
        const needed = services[name]!
        expect(needed.profiles).toEqual(profiles)
        if (condition === 'service_healthy') expect(needed.healthcheck).toBeDefined()
        else expect([name, condition]).toEqual(['certificates', 'service_completed_successfully'])
      }
    },
  )

  test.each(all.filter(([name]) => name !== 'certificates'))(
    'asks %s how it is, within bounds, and gives it time to end',
    (_, { healthcheck, stop_grace_period }) => {
      expect(healthcheck!.test[0]).toBe('CMD')
      expect(seconds(healthcheck!.timeout)).toBeLessThanOrEqual(seconds(healthcheck!.interval))
      expect(healthcheck!.retries).toBeGreaterThan(0)
      expect(seconds(stop_grace_period!)).toBeGreaterThan(15)
    },
  )

  test('sets only what is a setting of the ledger', () => {
    const named = [...text.matchAll(/\b(LEDGER_\w+)=/g)].map(([, name]) => [name!, 'x'])
    expect(unknownSettings(Object.fromEntries(named))).toEqual([])
    for (const name of ledgers)
      expect(unknownSettings(services[name]!.environment ?? {})).toEqual([])
    expect(unknownSettings({ LEDGER_STORES: 'x' })).toHaveLength(1)
  })

  test('publishes ledgers alone, to this machine alone, each at its own port', () => {
    const published = all.flatMap(([name, { ports = [] }]) => ports.map(port => [name, port]))
    expect(published).toEqual([
      ['ledger', '127.0.0.1:4000:4000'],
      ['ledger-a', '127.0.0.1:4001:4000'],
      ['ledger-b', '127.0.0.1:4002:4000'],
    ])
  })

  test('keeps what asks nobody who they are within a network that leads nowhere', () => {
    const insecure = all.filter(([, { environment }]) => environment?.EVENTSTORE_INSECURE)
    expect(insecure.map(([name]) => name)).toEqual(['eventstore'])
    expect(services.eventstore!.networks).toEqual(['store'])
    expect(networks.store).toEqual({ internal: true })
    for (const [, service] of all)
      for (const network of service.networks ?? []) expect(Object.keys(networks)).toContain(network)
  })

  test('declares every volume that it uses, uses every one, and mounts nothing of this machine', () => {
    const used = all.flatMap(([, { volumes = [] }]) => volumes.map(volume => volume.split(':')[0]!))
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(volumes).toSorted())
    const data = [...ledgers, ...nodes, 'eventstore'].map(name =>
      services[name]!.volumes!.filter(volume => !volume.startsWith('certificates:')),
    )
    expect(new Set(data.flat()).size).toBe(7)
  })

  test('takes appends larger than by default, and not larger than a record of the log', () => {
    for (const name of ['eventstore', ...nodes]) {
      const size = Number(services[name]!.environment!.EVENTSTORE_MAX_APPEND_SIZE)
      expect(size).toBeGreaterThan(8 * 1024 * 1024)
      expect(size).toBeLessThanOrEqual(16 * 1024 * 1024 - 10_000)
    }
  })

  test.each(nodes)('makes %s a node of the cluster, with a certificate in its name', name => {
    const environment = services[name]!.environment!
    expect(environment.EVENTSTORE_CLUSTER_SIZE).toBe('3')
    expect(environment.EVENTSTORE_GOSSIP_SEED!.split(',').toSorted()).toEqual(
      nodes.filter(other => other !== name).map(other => `${other}:2113`),
    )
    for (const host of ['NODE_HOST_ADVERTISE_AS', 'REPLICATION_HOST_ADVERTISE_AS'])
      expect(environment[`EVENTSTORE_${host}`]).toBe(name)
    expect(environment.EVENTSTORE_CERTIFICATE_FILE).toBe(`/certs/${name}/node.crt`)
    expect(environment.EVENTSTORE_CERTIFICATE_PRIVATE_KEY_FILE).toBe(`/certs/${name}/node.key`)
    expect(services.certificates!.entrypoint!.at(-1)).toMatch('for node in node1 node2 node3')
  })

  test('holds no password, and checks certificates', () => {
    expect(text).not.toMatch(/changeit|tlsVerifyCert|PASSWORD: /i)
    for (const name of ['ledger-a', 'ledger-b'])
      expect(services[name]!.entrypoint!.at(-1)).toMatch(
        'esdb://admin:$$(cat /certs/password)@node1:2113,node2:2113,node3:2113?tlsCAFile=/certs/ca/ca.crt',
      )
  })

  const engine = spawnSync('docker', ['compose', 'version']).status === 0
  const withDocker = engine ? test : test.skip
  withDocker('is what docker compose itself understands, with and without the cluster', () => {
    for (const profile of [[], ['--profile', 'cluster']]) {
      const { status, stderr } = spawnSync('docker', ['compose', ...profile, 'config', '-q'], {
        cwd: root,
        encoding: 'utf8',
      })
      expect([status, stderr]).toEqual([0, ''])
    }
  })
})

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
  const instructions = dockerfile.split('\n').filter(line => line !== '')
  const [, lastStage] = dockerfile.split(/^FROM .*AS build$/m)[1]!.split(/^FROM .*$/m)
  const instruction = (name: string) =>
    lastStage!.split('\n').find(line => line.startsWith(`${name} `))!

  test('copies only what is there, and what the build is given', () => {
    const given = read('.dockerignore')
      .split('\n')
      .filter(line => line.startsWith('!'))
    const copied = instructions
      .filter(line => /^COPY (?!--from)/.test(line))
      .flatMap(line => line.split(/ +/).slice(1, -1))
    expect(copied.length).toBeGreaterThan(6)
    for (const path of copied) {
      expect([path, existsSync(root + path)]).toEqual([path, true])
      expect(given).toContain(`!${path}`)
    }
  })

  test('ends without rights, with the flags of npm start, signals for the program itself, and only real settings', () => {
    expect(instruction('USER')).toBe('USER node')
    expect(instruction('STOPSIGNAL')).toBe('STOPSIGNAL SIGTERM')
    expect(flags).not.toEqual([])
    expect(spawnSync(process.execPath, [...flags, '--version']).status).toBe(0)
    const entry = ['node', ...flags, '/app/dist/cli.js']
    expect(JSON.parse(instruction('ENTRYPOINT').slice(10))).toEqual(entry)
    expect(JSON.parse(instruction('CMD').slice(4))).toEqual(['serve'])
    expect(instruction('VOLUME')).toBe('VOLUME /data')
    const env = [...instruction('ENV').matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [
      name,
      value,
    ])
    expect(unknownSettings(Object.fromEntries(env))).toEqual([])
    expect(configFrom(Object.fromEntries(env))).toMatchObject({ host: '0.0.0.0', data: '/data' })
  })

  test('asks for health with node alone, and tells a dead ledger from a live one', async () => {
    const [, array] = /HEALTHCHECK .*?CMD (\[.*\])/.exec(dockerfile)!
    const [, ...args] = JSON.parse(array!) as string[]
    const port = (server: { url: string }) => new URL(server.url).port
    const asked = (LEDGER_PORT: string) =>
      spawnSync(process.execPath, args, { env: shell({ LEDGER_PORT }) }).status
    const server = await startServer(newFolder())
    expect(asked(port(server))).toBe(0)
    await server.end('SIGTERM')
    expect(asked(port(server))).toBe(1)
  })
})

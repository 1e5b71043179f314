import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Metrics } from '../../src/ops/metrics.js'
import { startApp } from '../support/app.js'

let app: Awaited<ReturnType<typeof startApp>>
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())
const scraped = async (of: RegExp) =>
  (await (await fetch(`${app.url}/metrics`)).text()).split('\n').filter(line => of.test(line))

/** What the harness did to enrol its cast, and what was asked before. */
const since = (before: string[]) => (line: string) => !before.includes(line)

test('operations are timed by their root field, commands counted by their outcome', async () => {
  const [timed, counted] = [/^ledger_graphql.*_count/, /^ledger_commands_total/]
  const before = await scraped(timed)
  const done = Number((await scraped(counted))[0]!.split(' ').at(-1))
  const declare = 'mutation Mine { declareIncident(input: { title: "x" }) { incident { id } } }'
  await app.ask('alice', declare)
  await app.ask('alice', declare)
  await app.ask('alice', 'mutation { claimCommand(incidentId: "nope") { revision } }')
  await app.ask('alice', 'query Mine { incidents { nodes { id } } }')
  await app.ask('alice', '{ nonsense }')
  expect((await scraped(timed)).filter(since(before))).toEqual([
    'ledger_graphql_operation_duration_seconds_count{operation="declareIncident"} 2',
    'ledger_graphql_operation_duration_seconds_count{operation="claimCommand"} 1',
    'ledger_graphql_operation_duration_seconds_count{operation="incidents"} 1',
    'ledger_graphql_operation_duration_seconds_count{operation="other"} 1',
  ])
  expect(await scraped(counted)).toEqual([
    `ledger_commands_total{outcome="DONE"} ${done + 2}`,
    'ledger_commands_total{outcome="INCIDENT_NOT_FOUND"} 1',
  ])
  expect(await scraped(/^process_cpu_seconds_total/)).toHaveLength(1)
})

test('no label takes more than a hundred values and the rest', async () => {
  const metrics = new Metrics()
  for (let i = 0; i < 1000; i++) {
    metrics.operationTook(0.1, `operation${i}`)
    metrics.commandEnded(`OUTCOME_${i}`)
  }
  const lines = (await metrics.registry.metrics()).split('\n')
  expect(lines.filter(line => /operation_duration_seconds_count/.test(line))).toHaveLength(101)
  expect(lines).toContain('ledger_graphql_operation_duration_seconds_count{operation="other"} 900')
  expect(lines).toContain('ledger_commands_total{outcome="other"} 900')
})

test('a gauge is read when it is asked for', async () => {
  const metrics = new Metrics()
  let position = 3n
  metrics.gauge('ledger_log_position', 'Where the log ends.', () => position)
  position = 7n
  expect(await metrics.registry.metrics()).toMatch(/^ledger_log_position 7$/m)
})

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type App, startApp, until } from '../support/app.js'

const file = new URL('../../examples/grafana/incident-ledger.json', import.meta.url)
const dashboard = JSON.parse(readFileSync(file, 'utf8'))
const targets: { expr: string; refId: string }[] = dashboard.panels.flatMap(
  ({ targets }: { targets: object[] }) => targets,
)
const namesIn = (text: string) => text.match(/\b(ledger|nodejs|process)_\w+/g) ?? []

let app: App
let metrics: string
beforeAll(async () => {
  app = await startApp()
  await app.declared()
  const scraped = async () => (metrics = await (await fetch(`${app.url}/metrics`)).text())
  await until(async () => (await scraped()).includes('ledger_append_duration_seconds_count'))
})
afterAll(() => app.close())

test('every metric of the dashboard is one that /metrics tells', () => {
  const told = new Set(metrics.split('\n').flatMap(line => /^\w+/.exec(line) ?? []))
  // A counter with labels has no series before it has counted, but it is described.
  for (const [, name] of metrics.matchAll(/^# TYPE (\w+)/gm)) told.add(name!)
  const asked = [...targets.map(({ expr }) => expr), JSON.stringify(dashboard.templating)]
  const names = new Set(asked.flatMap(namesIn))
  expect(names.size).toBeGreaterThan(20)
  expect([...names].filter(name => !told.has(name))).toEqual([])
})

test('every panel says what it is, lies within the grid and on no other', () => {
  const taken = new Set<string>()
  for (const { title, description, gridPos, targets, datasource } of dashboard.panels) {
    expect([title, description].every(text => /^[A-Z].{3,}/.test(text))).toBe(true)
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      expect(taken).not.toContain(`${x},${gridPos.y}`)
      taken.add(`${x},${gridPos.y}`)
    }
    expect(targets.length).toBeGreaterThan(0)
    expect(datasource.uid).toBe('${datasource}')
  }
  const ids = dashboard.panels.map(({ id }: { id: number }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('what is asked of brackets and quotes is whole', () => {
  for (const { expr } of targets)
    for (const [open, close] of ['()', '{}', '[]'])
      expect([expr, expr.split(open!).length]).toEqual([expr, expr.split(close!).length])
})

test('requests are counted by status, appends timed and counted by their commits', () => {
  const value = (series: string) =>
    Number(
      metrics
        .split('\n')
        .find(line => line.startsWith(`${series} `))
        ?.split(' ')[1],
    )
  expect(value('ledger_http_requests_total{status="200"}')).toBeGreaterThan(5)
  expect(value('ledger_append_duration_seconds_count')).toBeGreaterThan(5)
  const appended = value('ledger_append_duration_seconds_count')
  expect(value('ledger_append_batch_appends_sum')).toBe(appended)
})

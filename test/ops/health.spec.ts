import { expect, test } from '@jest/globals'
import { HealthController } from '../../src/ops/health.js'
import { KeepingUp } from '../../src/ops/keeping-up.js'
import { Metrics } from '../../src/ops/metrics.js'

function ready(...checks: ConstructorParameters<typeof HealthController>[0]) {
  let status = 0
  const reply = { code: (given: number) => (status = given) }
  const metrics = new Metrics()
  const answer = new HealthController(checks, metrics).ready(reply as never)
  return { ...answer, code: () => status, scraped: () => metrics.registry.metrics() }
}
const named = (name: string, check: () => { ok: boolean; detail?: string }) => ({ name, check })

test('a program is ready when all that it needs is', () => {
  const answer = ready(
    named('log', () => ({ ok: true })),
    named('views', () => ({ ok: true, detail: '3 behind' })),
  )
  expect(answer.code()).toBe(200)
  expect(answer).toMatchObject({
    status: 'ok',
    checks: [
      { name: 'log', ok: true },
      { name: 'views', ok: true, detail: '3 behind' },
    ],
  })
})

test('what is not ready is named, and a check that fails is not ready; /metrics counts them', async () => {
  const answer = ready(
    named('log', () => ({ ok: false, detail: 'The disk is full.' })),
    named('views', () => {
      throw new Error('/srv/ledger/views.sqlite is locked')
    }),
  )
  expect(answer.code()).toBe(503)
  expect(answer).toMatchObject({
    status: 'not ready',
    checks: [
      { name: 'log', ok: false, detail: 'The disk is full.' },
      { name: 'views', ok: false, detail: 'The check itself failed.' },
    ],
  })
  expect(await answer.scraped()).toMatch(/^ledger_checks_failing 2$/m)
})

test('what stands still behind the log is red within five seconds, and green when it moves', () => {
  let [now, goal, at, why] = [0, 0n, 0n, undefined as string | undefined]
  const watched = { goal: () => goal, at: () => at, fault: () => why }
  const keeping = new KeepingUp('views', watched, () => now)
  const after = (ms: number) => {
    for (const end = now + ms; now < end; now += 500) keeping.look()
    return keeping.check().ok
  }
  expect(after(60_000)).toBe(true)
  goal = 9n
  expect(after(3000)).toBe(true)
  expect(after(2000)).toBe(false)
  expect(keeping.check()).toEqual({ ok: false, detail: 'Behind the log and not moving for 5 s.' })
  why = 'The event at position 2 was changed'
  expect(keeping.check()).toMatchObject({
    detail: 'Behind the log and not moving for 5 s: The event at position 2 was changed',
  })
  at = 1n
  expect(after(500)).toBe(true)
  expect(after(5000)).toBe(false)
  at = 9n
  expect(after(60_000)).toBe(true)
  keeping.close()
})

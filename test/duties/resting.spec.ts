import { expect, test } from '@jest/globals'
import { SetAside } from '../../src/duties/set-aside.js'
import { StandingStill } from '../../src/duties/standing-still.js'

const timer = (n: number) =>
  ({
    incidentId: `incident-${n}`,
    kind: 'task-timebox',
    subject: 'task',
    dueAt: '2026-01-01T12:15:00.000Z',
  }) as const

/** How long each of so many tries in a row rests, in seconds. */
function rests(outcome: 'DONE' | 'REFUSED' | 'FAULT', tries: number): number[] {
  let now = 0
  const aside = new SetAside(() => now)
  return Array.from({ length: tries }, () => {
    aside.put(timer(1), outcome)
    const from = now
    while (aside.has(timer(1))) now += 1000
    return (now - from) / 1000
  })
}

test('what failed rests longer each time, but never so long that a store that is back waits', () =>
  expect(rests('FAULT', 8)).toEqual([1, 2, 4, 8, 16, 30, 30, 30]))

test('what was refused is asked again in five minutes at the latest', () =>
  expect(rests('REFUSED', 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]))

test('what fell away is forgotten, and so begins anew', () => {
  const aside = new SetAside(() => 0)
  for (const n of [1, 2, 3]) aside.put(timer(n), 'REFUSED')
  aside.put(timer(4), 'DONE')
  expect([aside.size, aside.count('REFUSED'), aside.count('FAULT')]).toEqual([4, 3, 0])
  aside.keepOnly([timer(2), timer(4)])
  expect([1, 2, 3, 4].map(n => aside.has(timer(n)))).toEqual([false, true, false, true])
  expect([2, 4].map(n => aside.wasDone(timer(n)))).toEqual([false, true])
})

test('no more than ten thousand are remembered, the latest', () => {
  const aside = new SetAside(() => 0)
  for (let n = 0; n <= 10_000; n++) aside.put(timer(n), 'FAULT')
  expect([aside.size, aside.has(timer(0)), aside.has(timer(10_000))]).toEqual([10_000, false, true])
})

test('health is red once something was due for half a minute and nothing was recorded', () => {
  let [now, holds, refused] = [0, true, 0]
  const still = new StandingStill(
    'timers',
    () => holds,
    () => refused,
    () => now,
  )
  const after = (ms: number) => {
    now += ms
    return still.check().ok
  }
  expect(after(100_000)).toBe(true)
  still.waits()
  expect(after(30_000)).toBe(true)
  still.waits()
  expect(after(1000)).toBe(false)
  expect(still.check()).toEqual({ ok: false, detail: expect.stringContaining('31 s') })
  holds = false
  expect(after(0)).toBe(true)
  holds = true
  still.moves()
  refused = 3
  expect(after(60_000)).toBe(true)
  expect(still.check()).toEqual({ ok: true, detail: '3 cannot be recorded.' })
})

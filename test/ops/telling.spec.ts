import { expect, test } from '@jest/globals'
import { Telling } from '../../src/ops/telling.js'

test('what begins to fail is told once, and once that it is over', () => {
  const told: unknown[] = []
  const log = {
    warn: (...said: unknown[]) => void told.push(said),
    error: (...said: unknown[]) => void told.push(said),
  }
  let answer: { ok: boolean; detail?: string } | undefined = { ok: true }
  const check = () => {
    if (!answer) throw new Error('It cannot be looked at')
    return answer
  }
  const telling = new Telling([{ name: 'log', check }], log)
  for (const now of [{ ok: true }, { ok: false, detail: 'Damaged.' }, undefined, { ok: true }]) {
    answer = now
    telling.look()
    telling.look()
  }
  telling.close()
  expect(told).toEqual([
    [{ check: 'log', detail: 'Damaged.' }, 'A check fails'],
    [{ check: 'log' }, 'A check holds again'],
  ])
})

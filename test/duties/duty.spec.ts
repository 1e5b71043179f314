import { setTimeout } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { Logger } from '@nestjs/common'
import { Duty } from '../../src/duties/duty.js'
import type { OperatedStore } from '../../src/event-store/operated-store.js'
import type { Database } from '../../src/sqlite.js'
import type { Views } from '../../src/views/views.js'

// What failed is logged.
Logger.overrideLogger(false)

/** Views that show nothing and never move: what is due is made up by each test. */
const views = { db: {} as Database, position: 0n, caughtUp: async () => false } as unknown as Views
const store = { holdsDuties: true } as OperatedStore

test('requests get their turn between any two of what is due, and one that fails stops no other', async () => {
  let turn = 0
  const next = () => void setImmediate(() => ++turn < 1000 && next())
  next()
  const begun: number[] = []
  let due = Array.from({ length: 20 }, (_, n) => ({ n }))
  const duty = new Duty<{ n: number }>(
    {
      name: 'test',
      due: () => due,
      quietMs: () => Infinity,
      async record({ n }) {
        begun.push(turn)
        due = due.filter(row => row.n !== n)
        if (n === 7) throw new Error('not this one')
        return { events: [n], position: null }
      },
    },
    store,
    views,
  )
  duty.start()
  while (duty.done < 19) await setTimeout(5)
  await duty.stop()
  expect(begun).toHaveLength(20)
  expect(new Set(begun).size).toBe(20)
})

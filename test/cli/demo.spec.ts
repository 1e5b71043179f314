import { expect, test } from '@jest/globals'
import { ran } from '../support/server.js'

test('the demo imports the bundled incidents, hands command over, and prints what it replays', async () => {
  const { code, out, err } = await ran(['demo'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.match(/^INC-\d+ +\d+ facts/gm)).toHaveLength(6)
  expect(out).toMatch(/21:22 {2}Jun Meyer took command over from Ada Okafor/)
  expect(out).toMatch(/^# INC-7: Checkout answers slowly$/m)
  expect(out).toMatch(/^SHA-256 [0-9a-f]{64}$/m)
})

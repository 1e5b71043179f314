import { createRequire } from 'node:module'
import { expect, test } from '@jest/globals'
import { sharedFrame } from '../../src/live/shared-frame.js'

/** How the library frames a text, which its types do not tell. */
const { Sender } = createRequire(import.meta.url)('ws') as {
  Sender: { frame(data: Buffer, options: object): Buffer[] }
}
const head = '{"id":"1","type":"next","payload":'

test.each([0, 60, 90, 91, 92, 65_499, 65_500, 65_501, 65_502, 200_000])(
  'a frame of %i more characters is what the library would send',
  count => {
    const json = `"${'é'.repeat(count % 7)}${'x'.repeat(count)}"`
    const options = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }
    const theirs = Buffer.concat(Sender.frame(Buffer.from(`${head}${json}}`), options))
    expect(sharedFrame(head, json).equals(theirs)).toBe(true)
  },
)

test('a frame is made once for all who are sent the same, and anew for others', () => {
  const one = sharedFrame(head, '{}')
  expect(sharedFrame(head, '{}')).toBe(one)
  expect(sharedFrame('{"id":"2","type":"next","payload":', '{}')).not.toBe(one)
  expect(sharedFrame(head, '[]')).not.toBe(one)
})

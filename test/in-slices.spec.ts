import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { eachInSlices, sliceMsMax } from '../src/in-slices.js'

const busy = (ms: number) => {
  for (const since = performance.now(); performance.now() - since < ms;);
}

describe('of many', () => {
  test('all are called, each once, and those too who come meanwhile', async () => {
    const all = new Set([1, 2, 3])
    const called: number[] = []
    await eachInSlices(all, one => {
      called.push(one)
      if (one === 2) all.add(4)
    })
    expect(called).toEqual([1, 2, 3, 4])
  })

  test('who left before their turn is not called', async () => {
    const all = new Set([1, 2, 3])
    const called: number[] = []
    await eachInSlices(all, one => {
      called.push(one)
      all.delete(one + 1)
    })
    expect(called).toEqual([1, 3])
  })

  test('none keeps everybody else from their turn', async () => {
    const order: string[] = []
    const others = setImmediate().then(() => order.push('others'))
    await eachInSlices(['one', 'two'], one => {
      order.push(one)
      busy(2 * sliceMsMax)
    })
    await others
    expect(order).toEqual(['one', 'others', 'two'])
  })
})

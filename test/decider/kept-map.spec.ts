import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { put } from '../../src/decider/kept-map.js'

const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.string()), {
  minLength: 300,
  maxLength: 1000,
})

test('it holds what a map holds that was copied for each entry, in the same order', () => {
  fc.assert(
    fc.property(entries, all => {
      let kept: ReadonlyMap<number, string> = new Map()
      for (const [key, value] of all) kept = put(kept, key, value)
      const plain = new Map(all)
      expect([...kept]).toEqual([...plain])
      expect([...kept.keys()]).toEqual([...plain.keys()])
      expect([...kept.values()]).toEqual([...plain.values()])
      expect(kept.size).toBe(plain.size)
      const asked = Array.from({ length: 403 }, (_, i) => i - 1)
      expect(asked.map(key => kept.get(key))).toEqual(asked.map(key => plain.get(key)))
      expect(asked.filter(key => kept.has(key))).toEqual(asked.filter(key => plain.has(key)))
    }),
    { numRuns: 10 },
  )
})

test('every earlier version stays as it was', () => {
  const versions: ReadonlyMap<number, string>[] = [new Map()]
  for (let key = 0; key < 400; key++)
    versions.push(put(versions.at(-1)!, key % 300, `value ${key}`))
  for (const [count, version] of versions.entries()) {
    expect(version.size).toBe(Math.min(count, 300))
    const seen: string[] = []
    version.forEach((_, key, map) => seen.push(map.get(key)!))
    const latest = (key: number) => (key + 300 < count ? key + 300 : key)
    expect(seen).toEqual([...version.keys()].map(key => `value ${latest(key)}`))
  }
})

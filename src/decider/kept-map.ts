/** A map this small is copied as fast as anything cleverer. */
const plainMax = 64

/**
 * The map with one entry more, or another value at a key; the given one stays as it is. Entries keep
 * the order in which their keys first came. Folding n events copies √n entries each, not n.
 */
export function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  if (map.size < plainMax) return new Map(map).set(key, value)
  return (map instanceof Layered ? map : new Layered<K, V>(map, new Map(), map.size)).with(
    key,
    value,
  )
}

/** A large map that is shared by many versions, and the few entries in which this one differs. */
class Layered<K, V> implements ReadonlyMap<K, V> {
  constructor(
    private readonly base: ReadonlyMap<K, V>,
    private readonly recent: ReadonlyMap<K, V>,
    readonly size: number,
  ) {}

  with(key: K, value: V): Layered<K, V> {
    const size = this.has(key) ? this.size : this.size + 1
    const recent = new Map(this.recent).set(key, value)
    if (recent.size ** 2 < this.base.size) return new Layered(this.base, recent, size)
    return new Layered<K, V>(new Map([...this.base, ...recent]), new Map(), size)
  }

  get(key: K): V | undefined {
    return this.recent.has(key) ? this.recent.get(key) : this.base.get(key)
  }
  has(key: K): boolean {
    return this.recent.has(key) || this.base.has(key)
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.base)
      yield this.recent.has(key) ? [key, this.recent.get(key)!] : [key, value]
    for (const entry of this.recent) if (!this.base.has(entry[0])) yield entry
  }
  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key
  }
  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value
  }
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries()
  }

  forEach(each: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this)
  }
}

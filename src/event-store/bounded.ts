/** A map that forgets what was set longest ago. */
export class Bounded<K, V> {
  readonly #map = new Map<K, V>()

  constructor(private readonly max: number) {}

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    this.#map.delete(key)
    this.#map.set(key, value)
    if (this.#map.size > this.max) this.#map.delete(this.#map.keys().next().value!)
  }

  clear(): void {
    this.#map.clear()
  }
}

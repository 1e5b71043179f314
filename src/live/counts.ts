/** How many there are of each; what there is none of takes no room. */
export class Counts {
  readonly #all = new Map<string, number>()

  of(name: string): number {
    return this.#all.get(name) ?? 0
  }

  add(name: string): void {
    this.#all.set(name, this.of(name) + 1)
  }

  remove(name: string): void {
    const left = this.of(name) - 1
    if (left > 0) this.#all.set(name, left)
    else this.#all.delete(name)
  }
}

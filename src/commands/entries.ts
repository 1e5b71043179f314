/** An event as commands name it. */
export interface Entry {
  readonly id: string
  readonly type: string
  readonly revision: number
}

/** The events of a stream by their ids. Few commands name one, so they are only listed until one does. */
export class Entries {
  readonly #byId = new Map<string, Entry>()
  readonly #listed: Entry[] = []

  note(entry: Entry): void {
    this.#listed.push(entry)
  }

  get(id: string): Entry | undefined {
    for (const entry of this.#listed.splice(0)) this.#byId.set(entry.id, entry)
    return this.#byId.get(id)
  }

  *[Symbol.iterator](): Iterator<Entry> {
    yield* this.#byId.values()
    yield* this.#listed
  }
}

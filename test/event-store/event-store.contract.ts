import { afterAll, beforeAll, describe } from '@jest/globals'
import type { EventStore } from '../../src/event-store/event-store.js'
import { appending } from './contract/appending.js'
import { concurrency } from './contract/concurrency.js'
import { contents } from './contract/contents.js'
import { following } from './contract/following.js'
import { links } from './contract/links.js'
import { reading } from './contract/reading.js'
import { truthTable } from './contract/truth-table.js'

/** One store as a test has it. */
export interface Opened {
  readonly store: EventStore
  /** The same data as a new process finds it; `store` is closed by it. */
  reopen(): Promise<Opened>
  /** Leaves nothing behind. */
  close(): Promise<void>
}
/** The store that a suite works on: others may have written to it before. */
export interface Subject {
  readonly store: EventStore
  reopen(): Promise<void>
}

/** What every adapter promises. `open` gives a store of the test's own. */
export function eventStoreContract(
  name: string,
  open: () => Promise<Opened>,
  /** Of each of 8 writers at once, on one stream. */
  tries = 1000,
): void {
  describe(name, () => {
    let opened: Opened
    beforeAll(async () => void (opened = await open()))
    afterAll(() => opened.close())
    const subject: Subject = {
      get store() {
        return opened.store
      },
      reopen: async () => void (opened = await opened.reopen()),
    }
    for (const suite of [appending, contents, truthTable, links, reading, following]) suite(subject)
    concurrency(subject, tries)
  })
}

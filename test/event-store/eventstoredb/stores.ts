import { randomUUID } from 'node:crypto'
import {
  EventStoreDBEventStore,
  type OpenOptions,
} from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import type { Opened } from '../event-store.contract.js'

/** No other ledger on the server begins so. */
export const newPrefix = () => `ledger-${randomUUID()}-`

/**
 * What is right is asked, not how fast: the server of the tests shares a busy machine, and the process
 * too. A first look takes a third of `connectMs`.
 */
const patient = {
  attemptMs: 20_000,
  appendMs: 60_000,
  readMs: 20_000,
  connectMs: 60_000,
  connectMaxMs: 60_000,
  watchMs: 60_000,
  closeMs: 60_000,
}

/** What comes without waiting for any of these comes within this, however busy the machine is. */
export const atOnceMs = 10_000

/** A ledger of its own on the server, which waits longer for it than the real one, unless told. */
export const openOn = (
  url: string,
  { prefix = newPrefix(), timings, ...options }: OpenOptions & { prefix?: string } = {},
) =>
  EventStoreDBEventStore.open({ url, prefix }, { ...options, timings: { ...patient, ...timings } })

/** The same ledger each time it is opened again. */
export function ledgerOn(url: string, prefix = newPrefix()): Opened {
  const store = openOn(url, { prefix })
  return {
    store,
    reopen: async () => (await store.close(), ledgerOn(url, prefix)),
    close: () => store.close(),
  }
}

import { randomUUID } from 'node:crypto'
import {
  EventStoreDBEventStore,
  type OpenOptions,
} from '../../../src/event-store/eventstoredb/eventstoredb-event-store.js'
import type { Opened } from '../event-store.contract.js'

/** No other ledger on the server begins so. */
export const newPrefix = () => `ledger-${randomUUID()}-`

/** A ledger of its own on the server. */
export const openOn = (
  url: string,
  { prefix = newPrefix(), ...options }: OpenOptions & { prefix?: string } = {},
) => EventStoreDBEventStore.open({ url, prefix }, options)

/** What is right is asked here, not how fast: the server of the tests shares a busy machine. */
const patient = { attemptMs: 10_000, appendMs: 25_000, readMs: 10_000 }

/** The same ledger each time it is opened again. */
export function ledgerOn(url: string, prefix = newPrefix()): Opened {
  const store = openOn(url, { prefix, timings: patient })
  return {
    store,
    reopen: async () => (await store.close(), ledgerOn(url, prefix)),
    close: () => store.close(),
  }
}

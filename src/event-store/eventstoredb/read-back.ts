import { OutcomeUnknown, StoreUnavailable } from '../event-store.js'
import type { StoredEvent } from '../stored-event.js'

/** What was appended, from the server; that it cannot be read now does not say that it was not written. */
export async function readBack(
  read: () => Promise<readonly StoredEvent[]>,
): Promise<readonly StoredEvent[]> {
  try {
    const stored = await read()
    if (stored.length > 0) return stored
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
  }
  throw new OutcomeUnknown('What was appended cannot be read back: repeat it by its commandId.')
}

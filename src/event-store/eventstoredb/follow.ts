import { type Position, StoreDamaged } from '../event-store.js'
import { type Followed, type Follower, Following, HandlerFailed } from './following.js'
import { pause } from './timings.js'

/**
 * Follows from one subscription to the next, waiting for the server as long as it takes. Resolves when
 * aborted; rejects with what the handler threw, with StoreDamaged, or when the store is closed.
 */
export async function follow(store: Followed, follower: Follower, after: Position): Promise<void> {
  const { connection, timings } = store
  const signal = AbortSignal.any([follower.signal, connection.closing])
  const following = new Following(store, { ...follower, signal }, after)
  let waitMs = 0
  while (!signal.aborted) {
    const before = following.seen
    try {
      await connection.up(signal)
      if (!signal.aborted) await following.followOnce()
    } catch (error) {
      if (error instanceof HandlerFailed) throw error.thrown
      // Anything else is the connection's, and it is the next one that is asked.
      if (error instanceof StoreDamaged) throw error
    }
    const { resumeMinMs, resumeMaxMs } = timings
    waitMs = following.seen > before ? 0 : Math.min(Math.max(waitMs * 2, resumeMinMs), resumeMaxMs)
    if (waitMs > 0 && !signal.aborted) await pause(waitMs, signal)
  }
  if (!follower.signal.aborted) connection.assertOpen()
}

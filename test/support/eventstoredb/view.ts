import type { EventLog, Kept } from './log.js'

/** What one node has of the log. The leader has all of it; a follower may lag. */
export class View {
  #pausedAt: number | undefined

  constructor(readonly log: EventLog) {}

  /** How many events of $all this node has. */
  get length() {
    return this.#pausedAt ?? this.log.all.length
  }

  /** From now on the node learns of nothing: its reads go stale, its subscriptions wait. */
  pause() {
    this.#pausedAt ??= this.log.all.length
  }

  /** The node catches up at once. */
  resume() {
    this.#pausedAt = undefined
    this.log.wake()
  }

  stream(name: string): readonly Kept[] | undefined {
    return this.log.visible(name, this.length)
  }

  /** Where in $all the position is; undefined if no record begins there. */
  indexAt(position: number): number | undefined {
    if (position >= this.log.end) return this.length
    return position === 0 ? 0 : this.log.indexAt(position)
  }
}

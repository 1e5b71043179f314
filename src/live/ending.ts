/** Why it was ended here, and behind which event to go on. */
export interface Ended {
  readonly code: 'SLOW_CONSUMER' | 'REFRESH_REQUIRED'
  readonly cursor: string
}

/** As much of an `AbortSignal` as is needed of what ends a follower from outside. */
export interface Stop {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: Stops): void
  removeEventListener(type: 'abort', listener: Stops): void
}
export interface Stops {
  handleEvent(): void
}

/** Told once how it was over. */
export interface Over {
  /** Undefined once aborted. */
  ended(ended: Ended | undefined): void
  /** With what the taker or the store rejected with. */
  failed(error: unknown): void
}

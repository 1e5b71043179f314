/** How long the store waits for what, in milliseconds. */
export interface Timings {
  /** One try of an append: an answer that takes longer may never come. */
  readonly attemptMs: number
  /** All tries of an append; then its outcome is told as unknown. */
  readonly appendMs: number
  /** How long a caller waits for a connection that is being made; then the server counts as down. */
  readonly connectMs: number
  /** One try to connect; discovery in a cluster may meet nodes that are frozen. */
  readonly connectMaxMs: number
  /** Between two messages of a read: the deadlines of the client bound no read. */
  readonly readMs: number
  /** Between two looks whether a server that was down is back: from so often … */
  readonly probeMinMs: number
  /** … to so seldom. */
  readonly probeMaxMs: number
  /** How often it is looked whether a server that is there still is, for health. */
  readonly heartbeatMs: number
  /** Before a subscription is made again that brought nothing: from so soon … */
  readonly resumeMinMs: number
  /** … to so late. */
  readonly resumeMaxMs: number
  /** A subscription that was quiet for so long is compared with the log. */
  readonly watchMs: number
  /** What the log has must have reached the subscription by then. */
  readonly graceMs: number
  /** What is under way when the store closes may take so long to settle. */
  readonly closeMs: number
}

export const defaultTimings: Timings = {
  attemptMs: 1500,
  appendMs: 4000,
  connectMs: 900,
  connectMaxMs: 5000,
  readMs: 2000,
  probeMinMs: 100,
  probeMaxMs: 1000,
  heartbeatMs: 5000,
  resumeMinMs: 50,
  resumeMaxMs: 1000,
  watchMs: 5000,
  graceMs: 1000,
  closeMs: 5000,
}

/** Resolves after that time, or at once when aborted; a process need not stay for it. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
    if (signal?.aborted) done()
  })

/** Rejects with `late()` when the promise takes longer; what it comes to later is of no interest. */
export async function within<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(ms, 0))
  })
  promise.catch(() => {})
  try {
    return await Promise.race([promise, over])
  } finally {
    clearTimeout(timer)
  }
}

/** Rejects as soon as it is aborted; what the promise comes to then is of no interest. */
export async function unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('aborted'))
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

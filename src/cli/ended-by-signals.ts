/** What a shell reports of a program that Ctrl-C ended. */
export const interrupted = 130

/** Ctrl-C leaves nothing half made. */
export function endedBySignals(tidy: () => void): () => void {
  const end = () => {
    tidy()
    process.exit(interrupted)
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, end)
  return () => signals.forEach(signal => process.off(signal, end))
}

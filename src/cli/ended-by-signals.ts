import { setImmediate as turn } from 'node:timers/promises'

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

/** After work without a pause: whoever pressed Ctrl-C meanwhile is heard before anything else is done. */
export async function hearSignals(): Promise<void> {
  // The first may come before the process looks, the second comes after.
  await turn()
  await turn()
}

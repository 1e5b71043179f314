import { setImmediate as turn } from 'node:timers/promises'
import { Complaint } from './complaint.js'

/** What a shell reports of a program that Ctrl-C ended. */
export const interrupted = 130

/** Ctrl-C leaves nothing half made. */
export const endedBySignals = (tidy: () => void): (() => void) =>
  onSignals(() => {
    tidy()
    process.exit(interrupted)
  })

/** Rejects at Ctrl-C: for work that other threads are at, which has to be ended in order. */
export function interruption() {
  let end = () => {}
  const came = new Promise<never>((_, reject) => {
    end = onSignals(() => reject(new Complaint('Interrupted.', interrupted)))
  })
  came.catch(() => {})
  return { came, end }
}

function onSignals(act: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, act)
  return () => signals.forEach(signal => process.off(signal, act))
}

/** After work without a pause: whoever pressed Ctrl-C meanwhile is heard before anything else is done. */
export async function hearSignals(): Promise<void> {
  // The first may come before the process looks, the second comes after.
  await turn()
  await turn()
}

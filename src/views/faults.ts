import { StoreUnavailable } from '../event-store/event-store.js'

/** Whether one event is to blame, and not the disk or the log: those get better, or stop everything. */
export function isOfOneEvent(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return false
  const code = codeOf(error)
  return !code.startsWith('SQLITE_') || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code)
}

/** Whether it is the views' file: that is no loss, the log has it all. */
export const isDamaged = (error: unknown) => /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))

/** SQLite's errors are told by their code: the driver may have made them in another realm. */
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

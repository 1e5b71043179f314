import {
  OutcomeUnknown,
  StoreDamaged,
  StoreFull,
  StoreUnavailable,
  WrongRevision,
} from './event-store.js'

/** An error as data: it crosses threads, and holds neither a stack nor a path of the machine. */
export interface Fault {
  readonly fault: 'FULL' | 'UNAVAILABLE' | 'UNKNOWN' | 'DAMAGED'
  readonly message: string
  /** Nothing may be written after it, until a restart has checked what is on disk. */
  readonly lasting: boolean
}

const classes = {
  FULL: StoreFull,
  UNAVAILABLE: StoreUnavailable,
  UNKNOWN: OutcomeUnknown,
  DAMAGED: StoreDamaged,
}

/** The error of the port that an outcome stands for. */
export const errorOf = (outcome: Fault | { readonly wrongRevision: number }): Error =>
  'fault' in outcome
    ? new classes[outcome.fault](outcome.message)
    : new WrongRevision(outcome.wrongRevision)

/** For an operator: what failed, without the path that system errors carry in their message. */
export const textOf = (error: unknown): string =>
  'message' in Object(error) && !('syscall' in Object(error))
    ? String((error as Error).message)
    : codeOf(error)

/** By its members, since the errors of drivers need not be instances of this realm's Error. */
export function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown }
  return String(code ?? name ?? 'unknown')
}

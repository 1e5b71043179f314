const known = ['FolderLocked', 'StoreDamaged', 'StoreFull', 'StoreUnavailable']

/** Whether an error says in its own words all that an operator can do about it; else its stack is needed. */
export const isPlain = (error: unknown): error is Error =>
  error instanceof Error && known.includes(error.constructor.name)

/** What went wrong, in words for whoever typed the command; shown without a stack. */
export class Complaint extends Error {
  constructor(
    message: string,
    /** Of the process. */
    readonly exitCode = 1,
  ) {
    super(message)
  }
}

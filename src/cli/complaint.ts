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

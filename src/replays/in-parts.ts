/** Work that is done in parts: between two of them others may have their turn. */
export type InParts<Result> = Generator<undefined, Result, undefined>

/** All of it at once. */
export function whole<Result>(work: InParts<Result>): Result {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

export type Page = { first: number; after?: string | null }

/** The keys of what is settled, in order; those of what is retired only if asked for. */
export const keysOf = (
  settled: ReadonlyMap<string, { readonly retiredAt?: string }>,
  includeRetired: boolean,
): string[] =>
  [...settled]
    .filter(([, { retiredAt }]) => includeRetired || retiredAt === undefined)
    .map(([key]) => key)
    .toSorted()

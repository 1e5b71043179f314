/** The keys of what is settled, in their order; of what is retired only if that is asked for. */
export const settledKeys = (
  settled: ReadonlyMap<string, { readonly retiredAt?: string }>,
  includeRetired: boolean,
): string[] =>
  [...settled]
    .filter(([, { retiredAt }]) => includeRetired || retiredAt === undefined)
    .map(([key]) => key)
    .toSorted()

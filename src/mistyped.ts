/** Letters that may differ for a name to be taken for a mistyped one. */
const mistypedMax = 3
const nameMax = 60

/** The known name that was perhaps meant by another one. */
export function meantBy(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map(one => ({ one, far: distance(name, one) }))
    .sort((a, b) => a.far - b.far)
  return nearest && nearest.far <= mistypedMax ? nearest.one : undefined
}

/** Letters to add, drop or change (Levenshtein) to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (const [i, letter] of Array.from(one.slice(0, nameMax)).entries()) {
    const next = [i + 1]
    for (let j = 0; j < other.length; j++)
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other[j] ? 0 : 1)))
    row = next
  }
  return row.at(-1)!
}

/** The version that a definition makes; undefined if what is in force says the very same. */
export function nextVersion(
  before: { readonly version: number } | undefined,
  content: object,
): number | undefined {
  if (before === undefined) return 1
  const { version } = before
  return isSame(before, { ...content, version }) ? undefined : version + 1
}

/** Whether both say the same: read back from the log, fields come in another order than they were given in. */
export const isSame = (one: object, other: object) =>
  JSON.stringify(one, inOrder) === JSON.stringify(other, inOrder)

const inOrder = (_: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted())
    : value

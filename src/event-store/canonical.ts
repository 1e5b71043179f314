import { canonicalize } from 'json-canonicalize'

/**
 * Canonical JSON (RFC 8785). JSON.stringify writes values as the RFC wants them, and members in the
 * order they are in: so what is in order is written at once, and the rest is put in order first. What it
 * would write otherwise is left to the library, which takes some three times as long.
 */
export function canonical(value: unknown): string {
  const inOrder = ordered(value)
  return inOrder === unfit ? canonicalize(value) : JSON.stringify(inOrder)
}

/** A member called like an integer has a place of its own in JavaScript; a number may be none. */
const unfit = Symbol('unfit')
const integer = /^\d/

/** The same value if its members are in order already. */
function ordered(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : unfit
  if (typeof value !== 'object' || value === null) return value === undefined ? unfit : value
  if (Array.isArray(value)) return orderedList(value)
  if ('toJSON' in value) return unfit
  const members = Object.entries(value)
  let isSame = true
  for (let i = 0; i < members.length; i++) {
    const [name, was] = members[i]!
    const now = was === undefined ? was : ordered(was)
    if (now === unfit || integer.test(name)) return unfit
    if (now !== was || (i > 0 && members[i - 1]![0] > name)) isSame = false
    members[i]![1] = now
  }
  return isSame ? value : Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function orderedList(values: readonly unknown[]): unknown {
  const all = values.map(ordered)
  if (all.includes(unfit)) return unfit
  return all.every((one, i) => one === values[i]) ? values : all
}

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

const unfit = Symbol('unfit')
type Members = Record<string, unknown>

/** The same value if its members are in order already. */
function ordered(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : unfit
  if (typeof value !== 'object' || value === null) return value === undefined ? unfit : value
  if (Array.isArray(value)) return orderedList(value)
  return 'toJSON' in value ? unfit : orderedMembers(value as Members)
}

function orderedMembers(value: Members): unknown {
  const names = Object.keys(value)
  const isInOrder = names.every((name, i) => i === 0 || names[i - 1]! < name)
  if (!isInOrder) names.sort()
  let made = isInOrder ? value : ({} as Members)
  for (const name of names) {
    if (hasPlaceOfItsOwn(name)) return unfit
    const was = value[name]
    const now = was === undefined ? was : ordered(was)
    if (now === unfit) return unfit
    if (made === value && now !== was) made = { ...value }
    if (made !== value) made[name] = now
  }
  return made
}

/** Called like an integer it comes before all others in JavaScript; called so, it would be a prototype. */
const hasPlaceOfItsOwn = (name: string) =>
  (name[0]! >= '0' && name[0]! <= '9') || name === '__proto__'

function orderedList(values: readonly unknown[]): unknown {
  const all = values.map(ordered)
  if (all.includes(unfit)) return unfit
  return all.every((one, i) => one === values[i]) ? values : all
}

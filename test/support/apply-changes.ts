import type { Change, Json } from '../../src/replays/difference.js'

type Told = Pick<Change, 'kind' | 'path' | 'index' | 'before' | 'after'>

/** What a client would do with the answer of `diff`: the incident before, and its changes, are the one after. */
export function applied(before: Json, changes: readonly Told[]): Json {
  const holder = { it: structuredClone(before) } as any
  const of = (kind: string) => changes.filter(change => change.kind === kind)
  for (const { path, after } of of('CHANGED')) {
    const way = ['it', ...path]
    const within = way.slice(0, -1).reduce(stepped, holder)
    within[keyIn(within, way.at(-1)!)] = after
  }
  for (const { path, index, before: gone } of of('REMOVED').toSorted((a, b) => b.index! - a.index!))
    listOf(holder.it, path, gone).splice(index!, 1)
  for (const { path, index, after: come } of of('ADDED').toSorted((a, b) => a.index! - b.index!))
    listOf(holder.it, path, come).splice(index!, 0, come)
  return holder.it
}

/** A field, or in a list what has that id or key. */
const keyIn = (within: any, step: string): any =>
  Array.isArray(within) ? within.findIndex(one => (one?.id ?? one?.key) === step) : step
const stepped = (within: any, step: string) => within[keyIn(within, step)]

/** The path of an element that has a name of its own ends with that. */
function listOf(root: any, path: readonly string[], element: any): any[] {
  const isNamed = path.at(-1) !== undefined && path.at(-1) === (element?.id ?? element?.key)
  return (isNamed ? path.slice(0, -1) : path).reduce(stepped, root)
}

/** What an answer of the API is made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [field: string]: Json
}

/** One thing that is otherwise; the fields are those of the SDL. */
export interface Change {
  readonly kind: 'ADDED' | 'REMOVED' | 'CHANGED'
  readonly path: readonly string[]
  /** In the list before for what was removed, in the list after for what was added. */
  readonly index: number | null
  readonly before: Json
  readonly after: Json
  /** The path as people would say it: an element of a list by its title instead of its id. */
  readonly called: readonly string[]
}

type Place = Pick<Change, 'path' | 'called'>
const root: Place = { path: [], called: [] }

/**
 * What is otherwise in the second of two answers to the same question. It knows no field by name, so
 * what an incident will hold one day is compared too. Applied to the first, they give the second: what
 * was removed from a list is taken out, then what was added is put in, by its index, the lowest first.
 */
export function differences(before: Json, after: Json, place: Place = root): Change[] {
  if (isList(before) && isList(after)) return ofLists(before, after, place)
  if (isObject(before) && isObject(after))
    return Object.keys({ ...before, ...after }).flatMap(field =>
      differences(
        valueOf(before, field),
        valueOf(after, field),
        within(place, field, words(field)),
      ),
    )
  return before === after ? [] : [{ kind: 'CHANGED', ...place, index: null, before, after }]
}

function ofLists(before: readonly Json[], after: readonly Json[], place: Place): Change[] {
  const was = new Map(before.map((element, index) => [identity(element), { element, index }]))
  const is = new Map(after.map((element, index) => [identity(element), { element, index }]))
  const kept = [...is].filter(([key]) => was.has(key))
  const isTold =
    was.size === before.length &&
    is.size === after.length &&
    kept.every(([key], i) => i === 0 || was.get(kept[i - 1]![0])!.index < was.get(key)!.index)
  // What is there twice, or was moved, is told as a whole.
  if (!isTold)
    return same(before, after) ? [] : [{ kind: 'CHANGED', ...place, index: null, before, after }]
  const removed = [...was].filter(([key]) => !is.has(key))
  const added = [...is].filter(([key]) => !was.has(key))
  return [
    ...removed.map(([, { element, index }]): Change => ({
      kind: 'REMOVED',
      ...named(place, element),
      index,
      before: element,
      after: null,
    })),
    ...added.map(([, { element, index }]): Change => ({
      kind: 'ADDED',
      ...named(place, element),
      index,
      before: null,
      after: element,
    })),
    ...kept.flatMap(([key, { element }]) =>
      differences(was.get(key)!.element, element, named(place, element)),
    ),
  ]
}

/** What an element is known by: its own name in its list, or else all of it. */
const identity = (element: Json) => nameOf(element) ?? `=${JSON.stringify(element)}`

function nameOf(element: Json): string | undefined {
  if (!isObject(element)) return undefined
  const name = valueOf(element, 'id') ?? valueOf(element, 'key')
  return typeof name === 'string' ? name : undefined
}

function named(place: Place, element: Json): Place {
  const name = nameOf(element)
  return name === undefined ? place : within(place, name, titleOf(element as JsonObject) ?? name)
}

const within = ({ path, called }: Place, name: string, said: string): Place => ({
  path: [...path, name],
  called: [...called, said],
})

/** How people call an element, if it says so. */
export function titleOf(element: JsonObject): string | undefined {
  const titles = ['title', 'name', 'label', 'text'].map(field => valueOf(element, field))
  const title = titles.find(title => typeof title === 'string')
  return title === undefined ? undefined : `“${title as string}”`
}

/** `commandVacantSince` is `command vacant since`. */
const words = (field: string) => field.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)

export const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
export const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value)
/** A field may be called as something that every object has. */
const valueOf = (object: JsonObject, field: string): Json =>
  Object.hasOwn(object, field) ? object[field]! : null
const same = (one: Json, other: Json) => JSON.stringify(one) === JSON.stringify(other)

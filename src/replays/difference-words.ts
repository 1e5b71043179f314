import type { Name } from '../decider/facet.js'
import { type Change, type Json, isList, isObject, titleOf } from './difference.js'

/** A value is told, not quoted whole: the whole one is beside it. */
const saidMax = 120

/** A change in a sentence: `Tasks, “Roll back”: status changed from ASSIGNED to COMPLETED.` */
export function changeSentence({ kind, called, path, before, after }: Change, name: Name): string {
  const say = (value: Json) => shortened(said(value, name))
  const outer = called.map(shortened)
  if (kind === 'CHANGED') {
    const field = outer.pop() ?? 'it'
    if (isList(before) && isList(after)) return sentence(outer, `${field} changed as a whole`)
    if (before === null) return sentence(outer, `${field} became ${say(after)}`)
    if (after === null) return sentence(outer, `${field} is no longer ${say(before)}`)
    return sentence(outer, `${field} changed from ${say(before)} to ${say(after)}`)
  }
  const element = kind === 'ADDED' ? after : before
  // Of an element with a name of its own that is the last of the path.
  const what = path.at(-1) === nameIn(element) ? outer.pop()! : say(element)
  return sentence(outer, `${what} was ${kind.toLowerCase()}`)
}

function sentence(outer: readonly string[], what: string): string {
  const said = outer.length === 0 ? what : `${outer.join(', ')}: ${what}`
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
}

const nameIn = (element: Json) =>
  isObject(element) ? (element['id'] ?? element['key']) : undefined

/** People are told by their names; of an object its title, else all that is in it. */
function said(value: Json, name: Name): string {
  if (isList(value))
    return value.length === 0 ? 'none' : value.map(one => said(one, name)).join(', ')
  if (isObject(value))
    return (
      titleOf(value) ??
      Object.values(value)
        .filter(part => part !== null)
        .map(part => said(part, name))
        .join(', ')
    )
  if (typeof value !== 'string') return String(value)
  const called = name(value)
  return /\s/.test(value) && called === value ? `“${value}”` : called
}

/** By whole characters, so that none is cut in two. */
function shortened(text: string): string {
  if (text.length <= saidMax) return text
  return `${Array.from(text.slice(0, 2 * saidMax))
    .slice(0, saidMax - 1)
    .join('')}…`
}

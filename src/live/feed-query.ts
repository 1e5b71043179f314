import { Rejected } from '../decider/facet.js'
import { modes } from '../incident/declaration.js'
import { storedType } from '../replays/wire-type.js'
import type { EventFilter, Mode } from '../schema.generated.js'

/** What a feed is asked for in its address. */
export interface FeedAsked {
  readonly after?: string
  readonly filter: EventFilter
  /** Events of one answer, at the most. */
  readonly limit: number
  /** How long to wait for the first. */
  readonly waitMs: number
}

const limitStandard = 100
export const limitMax = 1000
/** Proxies in between give up after a minute, some after half of one. */
const waitSecondsMax = 30
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

type Query = Readonly<Record<string, unknown>>

/** What may be asked, each as it is understood; undefined if it is not. */
const understood = {
  after: oneOf(text => text),
  types: oneOf(text => every(text, type => (storedType(type) ? type : undefined))),
  mode: oneOf(text => every(text, mode => modes.find(one => one === mode))),
  incident: oneOf(text => (uuid.test(text) ? text : undefined)),
  organisation: oneOf(flag),
  restricted: oneOf(flag),
  limit: oneOf(text => whole(text, 1, limitMax)),
  wait: oneOf(text => whole(text, 0, waitSecondsMax)),
}
type Name = keyof typeof understood

/** What is not plain from a name. */
const meant: Partial<Record<Name, string>> = {
  types: 'such as dev.incidentledger.incident.task_assigned.v1, with commas',
  mode: modes.join(', '),
  incident: 'an id',
  organisation: 'true or false',
  restricted: 'true or false',
  limit: `1 to ${limitMax}`,
  wait: `0 to ${waitSecondsMax} seconds`,
}
const asTaken = (name: Name) => (meant[name] ? `${name} (${meant[name]})` : name)

/** Those of a stream, which has no end. */
export const streamNames = [
  'after',
  'types',
  'mode',
  'incident',
  'organisation',
  'restricted',
] as const
export const pullNames = [...streamNames, 'limit', 'wait'] as const

/**
 * Throws `Rejected('INVALID_INPUT')` for what is not understood: a name that was written wrong would tell
 * more than was asked for.
 */
export function feedAsked(query: Query, names: readonly Name[]): FeedAsked {
  const wrong = Object.keys(query).filter(
    name => !names.includes(name as Name) || understood[name as Name](query[name]) === undefined,
  )
  if (wrong.length > 0)
    throw new Rejected('INVALID_INPUT', `This feed takes ${names.map(asTaken).join(', ')}.`, {
      fields: wrong.slice(0, 10).map(name => name.slice(0, 40)),
    })
  const given = <N extends Name>(name: N) =>
    understood[name](query[name]) as ReturnType<(typeof understood)[N]>
  const after = given('after')
  return {
    ...(after !== undefined && { after }),
    filter: {
      types: given('types') ?? null,
      mode: (given('mode') as Mode[] | undefined) ?? null,
      incidentId: given('incident') ?? null,
      includeOrganisation: given('organisation') ?? null,
      includeRestricted: given('restricted') ?? null,
    },
    limit: given('limit') ?? limitStandard,
    waitMs: (given('wait') ?? 0) * 1000,
  }
}

/** A pull costs what a page of the query `events` does: 1 for each event. Known before it is understood. */
export const pullCost = ({ limit }: Query): number => understood.limit(limit) ?? limitStandard

function oneOf<Read>(read: (text: string) => Read | undefined) {
  return (value: unknown): Read | undefined => (typeof value === 'string' ? read(value) : undefined)
}

function flag(text: string): boolean | undefined {
  return text === 'true' || (text === 'false' ? false : undefined)
}

function whole(text: string, min: number, max: number): number | undefined {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1
  return number >= min && number <= max ? number : undefined
}

/** A list with commas, none of which is not understood. */
function every<Read>(text: string, read: (one: string) => Read | undefined): Read[] | undefined {
  const all = text.split(',').map(read)
  return all.every(one => one !== undefined) ? (all as Read[]) : undefined
}

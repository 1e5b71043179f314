import { type GraphQLObjectType, getNamedType, isLeafType, isRequiredArgument } from 'graphql'
import { sdl } from './sdl.js'

/** They depend on now, on what the directory says now, or on who asks. */
const ofNow: ReadonlySet<string> = new Set([
  'overdue',
  'minutesSinceVerification',
  'PhasePeriod.minutes',
  'ResponderFatigue.minutesEngaged',
  'ResponderFatigue.rotationDue',
  'ResponderFatigue.localHour',
  'warnings',
  'viewerCan',
  'name',
  'handle',
  'timeZone',
  'readiness',
  'removals',
])

/** Of the 1,000 tokens of a document, what is left beside the command. */
const tokensMax = 800

/**
 * Every field that the SDL says an incident has, and all that is under it, but for what is of now; in as
 * many parts as documents are needed to ask for it.
 */
export const wholeIncident: readonly string[] = fieldsOf('Incident').reduce(
  (parts: readonly string[], field) => {
    const longer = `${parts.at(-1) ?? 'revision'} ${field}`
    const isFull = parts.length === 0 || longer.match(/\w+|[^\s\w]/g)!.length > tokensMax
    return isFull ? [...parts, `revision ${field}`] : [...parts.slice(0, -1), longer]
  },
  [],
)

function fieldsOf(typeName: string, above: readonly string[] = []): string[] {
  const type = sdl.getType(typeName) as GraphQLObjectType
  return Object.values(type.getFields())
    .filter(({ name }) => !ofNow.has(name) && !ofNow.has(`${typeName}.${name}`))
    .filter(({ args }) => !args.some(isRequiredArgument))
    .flatMap(({ name, type, args }) => {
      const under = getNamedType(type)
      if (isLeafType(under)) return [name]
      // Another incident is shown as it is now; of that and of the way back the id will do.
      if (above.includes(under.name) || /^Incident(Summary)?$/.test(under.name))
        return [`${name} { id }`]
      const page = args.some(arg => arg.name === 'first') ? '(first: 100)' : ''
      const inner = under.name.endsWith('Connection')
        ? `nodes { ${fieldsOf(nodeOf(under.name), [...above, typeName]).join(' ')} }`
        : fieldsOf(under.name, [...above, typeName]).join(' ')
      return [`${name}${page} { ${inner} }`]
    })
}

/** `TimelineConnection` is of `TimelineEntry`. */
function nodeOf(connection: string): string {
  const { nodes } = (sdl.getType(connection) as GraphQLObjectType).getFields()
  return getNamedType(nodes!.type).name
}

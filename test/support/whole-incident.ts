import { type GraphQLObjectType, getNamedType, isLeafType, isRequiredArgument } from 'graphql'
import { sdl } from './sdl.js'

/** They depend on now, or on what the directory says now. */
const ofNow: ReadonlySet<string> = new Set([
  'overdue',
  'minutesSinceVerification',
  'viewerCan',
  'name',
  'handle',
  'timeZone',
  'readiness',
])

/** Every field that the SDL says an incident has, and all that is under it, but for what is of now. */
export const wholeIncident = fieldsOf('Incident')

function fieldsOf(typeName: string, above: readonly string[] = []): string {
  const type = sdl.getType(typeName) as GraphQLObjectType
  return Object.values(type.getFields())
    .filter(({ name, args }) => !ofNow.has(name) && !args.some(isRequiredArgument))
    .flatMap(({ name, type, args }) => {
      const under = getNamedType(type)
      if (isLeafType(under)) return [name]
      // Another incident is shown as it is now; of that and of the way back the id will do.
      if (above.includes(under.name) || /^Incident(Summary)?$/.test(under.name))
        return [`${name} { id }`]
      const page = args.some(arg => arg.name === 'first') ? '(first: 100)' : ''
      const inner = under.name.endsWith('Connection')
        ? `nodes { ${fieldsOf(nodeOf(under.name), [...above, typeName])} }`
        : fieldsOf(under.name, [...above, typeName])
      return [`${name}${page} { ${inner} }`]
    })
    .join(' ')
}

/** `TimelineConnection` is of `TimelineEntry`. */
function nodeOf(connection: string): string {
  const { nodes } = (sdl.getType(connection) as GraphQLObjectType).getFields()
  return getNamedType(nodes!.type).name
}

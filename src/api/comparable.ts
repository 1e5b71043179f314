import {
  type DocumentNode,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql'
import type { Json } from '../replays/difference.js'

/** The nodes of a connection that are compared; no list of an incident is longer. */
const nodesMax = 1000
/** Of fields within fields: what lies deeper is not compared. */
const depthMax = 8

/** They have a history of their own, and are compared by their ids. */
const others: ReadonlySet<string> = new Set(['Person', 'Incident', 'IncidentSummary', 'Event'])

/**
 * Asks for one incident as of two moments, and for all that the SDL says an incident holds: a field
 * that some facet adds is asked for without being named here. Left out are fields that are `@derived`
 * or need arguments.
 */
export function comparison(schema: GraphQLSchema): DocumentNode {
  const known = ofSchema.get(schema)
  if (known) return known
  const incident = `{ revision ${selection(schema.getType('Incident') as GraphQLObjectType, 1)} }`
  const which = 'id: $id, reference: $reference'
  const document = parse(`query ($id: ID, $reference: String, $from: AsOf, $to: AsOf) {
    before: incident(${which}, at: $from) ${incident}
    after: incident(${which}, at: $to) ${incident} }`)
  ofSchema.set(schema, document)
  return document
}

const ofSchema = new WeakMap<GraphQLSchema, DocumentNode>()

function selection(type: GraphQLObjectType, depth: number): string {
  return Object.values(type.getFields())
    .filter(field => !isDerived(field) && !field.args.some(isRequiredArgument))
    .map(field => selected(field, depth))
    .join(' ')
}

function selected(field: GraphQLField<unknown, unknown>, depth: number): string {
  const type = getNamedType(field.type)
  if (isLeafType(type)) return field.name
  if (others.has(type.name)) return `${field.name} { id }`
  if (!isObjectType(type) || depth === depthMax)
    throw new Error(`What ${field.name} holds cannot be compared: mark it @derived.`)
  const { nodes } = type.getFields()
  if (!nodes || !type.name.endsWith('Connection'))
    return `${field.name} { ${selection(type, depth + 1)} }`
  return `${field.name}(first: ${nodesMax}) { ${selected(nodes, depth + 1)} }`
}

const isDerived = ({ astNode }: GraphQLField<unknown, unknown>) =>
  astNode?.directives?.some(({ name }) => name.value === 'derived')

/** The answer without what only GraphQL needs: a connection is its nodes, who is told by id is the id. */
export function plain(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(plain)
  const entries = Object.entries(value as Record<string, Json>)
  const [[field, only] = [], ...more] = entries
  if (more.length === 0 && field === 'id') return only!
  if (more.length === 0 && field === 'nodes') return plain(only!)
  return Object.fromEntries(entries.map(([name, inner]) => [name, plain(inner)]))
}

import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { sdl } from './sdl.js'

/** All that can be asked of a type without giving arguments, so many levels down. */
export function everythingOf(type: GraphQLOutputType, levels: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const asked = Object.values(named.getFields())
    .filter(field => !field.args.some(isRequiredArgument))
    .flatMap(field => askedOf(field, levels))
  return `{ ${asked.join(' ')} }`
}

function askedOf({ name, type }: GraphQLField<unknown, unknown>, levels: number): string[] {
  if (!isCompositeType(getNamedType(type))) return [name]
  return levels > 1 ? [`${name} ${everythingOf(type, levels - 1)}`] : []
}

/** The queries that answer a page. */
export const pagedQueries = Object.values(sdl.getQueryType()!.getFields()).filter(({ type }) => {
  const named = getNamedType(type)
  return isObjectType(named) && 'nodes' in named.getFields()
})

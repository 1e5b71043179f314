import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql'

interface Described {
  readonly name: string
  readonly description?: string | null | undefined
}

/** What a client cannot read up on: every type, field, argument and value without a description. */
export function undescribed(schema: GraphQLSchema): string[] {
  const ours = Object.values(schema.getTypeMap()).filter(
    type => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  )
  const places = [
    ...ours.flatMap(type => [at(type.name, type), ...membersOf(type)]),
    ...schema
      .getDirectives()
      .filter(directive => !isSpecifiedDirective(directive))
      .flatMap(directive => [
        at(`@${directive.name}`, directive),
        ...argumentsOf(`@${directive.name}`, directive.args),
      ]),
  ]
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return places
    .filter(({ name }) => !roots.some(root => root?.name === name))
    .filter(({ description }) => !description)
    .map(({ name }) => name)
}

const at = (name: string, { description }: Described): Described => ({ name, description })

const argumentsOf = (place: string, args: readonly Described[]) =>
  args.map(arg => at(`${place}(${arg.name}:)`, arg))

function membersOf(type: ReturnType<GraphQLSchema['getType']>): Described[] {
  if (isEnumType(type))
    return type.getValues().map(value => at(`${type.name}.${value.name}`, value))
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map(field => at(`${type.name}.${field.name}`, field))
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  return Object.values(type.getFields()).flatMap(field => {
    const place = `${type.name}.${field.name}`
    return [at(place, field), ...argumentsOf(place, field.args)]
  })
}

import {
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type TypeNode,
  type VariableDefinitionNode,
  coerceInputValue,
  isInputType,
  isNonNullType,
  typeFromAST,
} from 'graphql'
import type { Variables } from './measure.js'

/** A name or value that is longer is nearly none of ours, and to find that out takes milliseconds. */
const helpedMax = 300

/**
 * The first mistakes in the variables of a valid operation. When it executes, graphql would look for
 * fifty and print the whole value with each: a kilobyte that is wrong in a hundred places would cost
 * more than a good answer.
 */
export function mistakesIn(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Variables,
  max: number,
): GraphQLError[] {
  const plain = new Mistakes(schema, given, max, false).of(operation)
  return plain.length > 0 && plain.every(({ message }) => message.length <= helpedMax)
    ? new Mistakes(schema, given, max, true).of(operation)
    : plain
}

/** Whether variables hold more values than so many, those within lists and objects too. */
export function hasMoreThan(
  max: number,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Variables,
): boolean {
  const left: object[] = []
  for (const { variable, type } of variableDefinitions) {
    const value = given[variable.name.value]
    // A list in place of something else is told as that.
    if (isObject(value) && (!Array.isArray(value) || isListNode(type))) left.push(value)
  }
  let values = variableDefinitions.length
  for (let next = left.pop(); next && values <= max; next = left.pop()) {
    const within: unknown[] = Array.isArray(next) ? next : Object.values(next)
    values += within.length
    if (values <= max) left.push(...within.filter(isObject))
  }
  return values > max
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isListNode = (node: TypeNode): boolean =>
  node.kind === Kind.NON_NULL_TYPE ? isListNode(node.type) : node.kind === Kind.LIST_TYPE

/** Thrown through graphql, which has no other way to be told that it need not go on. */
const enough = Symbol()

class Mistakes {
  readonly #found: GraphQLError[] = []

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly given: Variables,
    private readonly max: number,
    private readonly suggests: boolean,
  ) {}

  of({ variableDefinitions = [] }: OperationDefinitionNode): GraphQLError[] {
    try {
      for (const definition of variableDefinitions) this.#look(definition)
    } catch (thrown) {
      if (thrown !== enough) throw thrown
    }
    return this.#found
  }

  #look(definition: VariableDefinitionNode): void {
    const type = typeFromAST(this.schema, definition.type as NamedTypeNode)
    if (!isInputType(type)) return
    const name = nameOf(definition)
    const value = Object.hasOwn(this.given, name) ? this.given[name] : undefined
    if (value != null) this.#coerce(definition, value, type)
    else if (isNonNullType(type) && (value === null || !definition.defaultValue))
      this.#note(
        definition,
        value === null
          ? `of non-null type "${type}" must not be null.`
          : `of required type "${type}" was not provided.`,
      )
  }

  #coerce(definition: VariableDefinitionNode, value: unknown, type: GraphQLInputType): void {
    const note: Parameters<typeof coerceInputValue>[2] = (path, wrong, { message }) => {
      const place = path.length > 0 ? ` at "${nameOf(definition)}${path.map(step).join('')}"` : ''
      this.#note(definition, `got invalid value${shown(wrong)}${place}; ${message}`)
    }
    coerceInputValue(value, type, note, !this.suggests)
  }

  #note(definition: VariableDefinitionNode, text: string): void {
    const message = `Variable "$${nameOf(definition)}" ${text}`
    if (this.#found.push(new GraphQLError(message, { nodes: definition })) >= this.max) throw enough
  }
}

const nameOf = ({ variable }: VariableDefinitionNode) => variable.name.value
const step = (key: string | number) => (typeof key === 'number' ? `[${key}]` : `.${key}`)

/** What is wrong with an object is not seen by looking at all of it. */
const shown = (value: unknown) => (isObject(value) ? '' : ` ${JSON.stringify(shortened(value))}`)

const shownMax = 50
const shortened = (value: unknown) => (typeof value === 'string' ? value.slice(0, shownMax) : value)

import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  type ValueNode,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql'
import type { Scope } from '../schema.generated.js'
import { scopesOf } from './schema-rules.js'

/** What a selection asks for, `@skip` and `@include` ignored: the worst that can be. */
export interface Size {
  /** Of fields within fields; a root field is 1 deep. */
  depth: number
  /** A field asked twice in one selection counts too: it is as dear to check. */
  aliases: number
  /** Fields of the selection itself, through fragments, without `__typename`. */
  fields: number
  /** Those of them that are not introspection. */
  own: number
  cost: number
}

/** An operation measured with its fragments. */
export interface Measured extends Size {
  readonly scopes: ReadonlySet<Scope>
  /** Values of `first` that no page can have. */
  readonly wrongFirst: readonly unknown[]
  /** Whether other variables would measure otherwise. */
  readonly varies: boolean
}

export type Variables = Readonly<Record<string, unknown>>
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>
type Parent = GraphQLCompositeType | undefined
type Field = GraphQLField<unknown, unknown>

/** How long a list without `first` is taken to be. */
const listLength = 10
/** What a field costs that does more than look something up. */
const dear: ReadonlyMap<string, number> = new Map([
  ['postmortem', 20],
  ['diff', 40],
  // What was settled at an earlier moment is read from the log again.
  ['whoToCall', 20],
  ['qualifiedCommanders', 20],
  ['benchDepth', 20],
])

/** One walk over one operation. A fragment is walked once, so nesting doubles numbers, not work. */
export class Measure {
  readonly #walked = new Map<string, Size>()
  readonly #scopes = new Set<Scope>()
  readonly #wrongFirst: unknown[] = []
  #varies = false

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Variables,
    private readonly firstMax: number,
  ) {}

  measured(): Measured {
    const { operation, selectionSet } = this.operation
    const size = this.#selections(selectionSet, this.schema.getRootType(operation) ?? undefined)
    return {
      ...size,
      scopes: this.#scopes,
      wrongFirst: this.#wrongFirst,
      varies: this.#varies,
    }
  }

  #selections(set: SelectionSetNode, parent: Parent): Size {
    const names = new Set<string>()
    const total = nothing()
    for (const selection of set.selections) {
      add(total, this.#selection(selection, parent))
      if (selection.kind === Kind.FIELD && askedBefore(names, selection)) total.aliases++
    }
    return total
  }

  #selection(node: SelectionNode, parent: Parent): Size {
    if (node.kind === Kind.FIELD) return this.#field(node, parent)
    if (node.kind === Kind.FRAGMENT_SPREAD) return this.#fragment(node.name.value)
    const type = node.typeCondition ? this.#type(node.typeCondition.name.value) : parent
    return this.#selections(node.selectionSet, type)
  }

  #fragment(name: string): Size {
    const fragment = this.fragments.get(name)
    const known = this.#walked.get(name)
    if (known || !fragment) return known ?? nothing()
    // Met again within itself it adds nothing: validation refuses it.
    this.#walked.set(name, nothing())
    const type = this.#type(fragment.typeCondition.name.value)
    const size = this.#selections(fragment.selectionSet, type)
    this.#walked.set(name, size)
    return size
  }

  #field(node: FieldNode, parent: Parent): Size {
    const name = node.name.value
    const field = fieldOf(this.schema, parent, name)
    if (field) for (const scope of scopesOf(this.schema, parent!, field)) this.#scopes.add(scope)
    const under = this.#under(node, field)
    const isObject = node.selectionSet !== undefined
    return {
      depth: 1 + under.depth,
      aliases: under.aliases + (node.alias && node.alias.value !== name ? 1 : 0),
      fields: name === '__typename' ? 0 : 1,
      own: name.startsWith('__') ? 0 : 1,
      cost: (dear.get(name) ?? (isObject ? 1 : 0)) + this.#times(node, parent, field) * under.cost,
    }
  }

  #under({ selectionSet }: FieldNode, field: Field | undefined): Size {
    const type = field && getNamedType(field.type)
    return selectionSet
      ? this.#selections(selectionSet, isCompositeType(type) ? type : undefined)
      : nothing()
  }

  /** How often what is under a field is asked for. */
  #times(node: FieldNode, parent: Parent, field: Field | undefined): number {
    const argument = field?.args.find(({ name }) => name === 'first')
    if (!argument) return field && isList(field) && !isConnection(parent) ? listLength : 1
    const given = node.arguments?.find(({ name }) => name.value === 'first')?.value
    const asked = given && this.#value(given)
    const first = asked === undefined ? argument.defaultValue : asked
    if (first === null) this.#wrongFirst.push(first)
    if (typeof first !== 'number') return this.firstMax
    if (first < 1 || first > this.firstMax) this.#wrongFirst.push(first)
    return Math.min(Math.max(first, 1), this.firstMax)
  }

  /** What is no number here is for validation to refuse. */
  #value(node: ValueNode): unknown {
    if (node.kind === Kind.INT) return Number(node.value)
    if (node.kind === Kind.NULL) return null
    if (node.kind !== Kind.VARIABLE) return node.kind
    this.#varies = true
    const name = node.name.value
    if (Object.hasOwn(this.variables, name)) return this.variables[name]
    const declared = this.operation.variableDefinitions?.find(v => v.variable.name.value === name)
    return declared?.defaultValue && this.#value(declared.defaultValue)
  }

  #type(name: string): Parent {
    const type = this.schema.getType(name)
    return isCompositeType(type) ? type : undefined
  }
}

const nothing = (): Size => ({ depth: 0, aliases: 0, fields: 0, own: 0, cost: 0 })

function add(total: Size, size: Size): void {
  total.depth = Math.max(total.depth, size.depth)
  total.aliases += size.aliases
  total.fields += size.fields
  total.own += size.own
  total.cost += size.cost
}

function askedBefore(names: Set<string>, { alias, name }: FieldNode): boolean {
  const before = names.size
  return names.add((alias ?? name).value).size === before
}

function fieldOf(schema: GraphQLSchema, parent: Parent, name: string): Field | undefined {
  if (parent && parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  }
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
}

const isList = ({ type }: Field) =>
  isListType(getNullableType(type)) && isCompositeType(getNamedType(type))

/** Relay reserves the ending; its `edges` are what `first` has counted already. */
const isConnection = (type: Parent) => type?.name.endsWith('Connection') ?? false

import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  Kind,
  type OperationDefinitionNode,
  execute,
  visit,
} from 'graphql'
import { errorBody, formattedOf, noteFaults } from '../api/errors.js'
import type { OperationContext } from '../api/pipeline.js'
import { interned } from './interned.js'

/** What is to be told of each event to who asked the same: an operation with all that it depends on. */
export interface Selection {
  readonly args: Omit<ExecutionArgs, 'rootValue'> & { readonly contextValue: OperationContext }
  /** The field that the operation asks for. */
  readonly field: string
  readonly key: string
}

const ids = new WeakMap<DocumentNode, number>()
let documents = 0
function idOf(document: DocumentNode): number {
  const known = ids.get(document) ?? ++documents
  ids.set(document, known)
  return known
}

/**
 * A selection is told by the document it is in, and by what of the variables is used below its field; where
 * the answer is personal by all of them, since there it also says what the field's own filter lets through.
 */
export function selectionOf(
  args: Selection['args'],
  operation: OperationDefinitionNode,
  field: string,
  isPersonal: boolean,
): Selection {
  const { document, operationName, variableValues, contextValue } = args
  const { actor, scopes } = contextValue.principal
  const used = isPersonal ? undefined : variablesBelow(document, operation)
  const values = Object.entries(variableValues ?? {}).filter(([name]) => used?.has(name) ?? true)
  const who = isPersonal ? [actor, [...scopes].toSorted()] : null
  return {
    args,
    field,
    key: interned(JSON.stringify([idOf(document), operationName, values, who])),
  }
}

/** Below the one root field, whose own arguments say what to follow and not what to tell. */
function variablesBelow(document: DocumentNode, operation: OperationDefinitionNode): Set<string> {
  const used = new Set<string>()
  const below = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) }
  visit(document, {
    OperationDefinition: node => (node === operation ? undefined : false),
    Field(node, _key, _parent, _path, ancestors) {
      const isRoot = !ancestors.some(one => 'kind' in one && one.kind === Kind.FIELD)
      if (!isRoot || !ancestors.includes(operation)) return undefined
      if (node.selectionSet) visit(node.selectionSet, below)
      return false
    },
    FragmentDefinition: node => (visit(node, below), false),
    VariableDefinition: () => false,
    Directive: node => (visit(node, below), false),
  })
  return used
}

/**
 * Characters of the answers that are kept; events are kept longer, and each may have as many answers as there
 * are people, of up to 1 MiB. Whoever is further behind has theirs made again.
 */
const keptCharactersMax = 8 * 1024 * 1024

/** By the key of the selection. */
type OfEvent = Map<string, string | Promise<string>>

interface Kept {
  readonly ofEvent: OfEvent
  readonly key: string
  readonly characters: number
}

/** Made once for each event and selection, however many ask for it soon. */
export class SharedAnswers {
  readonly #made = new WeakMap<object, OfEvent>()
  /** In the order they were made. */
  readonly #kept = new Set<Kept>()
  #characters = 0
  /** Who is told an event is told it right after the one before. */
  #last: { readonly event: object; readonly key: string; readonly json: string } | undefined

  constructor(private readonly bytesMax: number) {}

  /** The answer to a selection for an event, as JSON. */
  of(selection: Selection, event: object, root: () => unknown): string | Promise<string> {
    const { key } = selection
    if (this.#last?.event === event && this.#last.key === key) return this.#last.json
    const made = this.#of(selection, event, root)
    if (typeof made === 'string') this.#last = { event, key, json: made }
    return made
  }

  #of(selection: Selection, event: object, root: () => unknown): string | Promise<string> {
    const ofEvent: OfEvent = this.#made.get(event) ?? new Map()
    this.#made.set(event, ofEvent)
    const known = ofEvent.get(selection.key)
    if (known !== undefined) return known
    const made = this.made(selection, root())
    if (typeof made === 'string') this.#keep(ofEvent, selection.key, made)
    else {
      ofEvent.set(selection.key, made)
      made.then(
        json => this.#keep(ofEvent, selection.key, json),
        () => ofEvent.delete(selection.key),
      )
    }
    return made
  }

  #keep(ofEvent: OfEvent, key: string, json: string): void {
    ofEvent.set(key, json)
    this.#kept.add({ ofEvent, key, characters: json.length })
    this.#characters += json.length
    for (const oldest of this.#kept) {
      if (this.#characters <= keptCharactersMax) break
      this.#kept.delete(oldest)
      this.#characters -= oldest.characters
      oldest.ofEvent.delete(oldest.key)
    }
  }

  /** The answer to a selection, with its field answered so. */
  made(selection: Selection, root: unknown): string | Promise<string> {
    if (root instanceof Promise) return root.then(known => this.made(selection, known))
    const { args, field } = selection
    const result = execute({ ...args, rootValue: { [field]: root } })
    const { requestId } = args.contextValue
    return result instanceof Promise
      ? result.then(one => this.#json(one, requestId))
      : this.#json(result, requestId)
  }

  #json({ errors, ...result }: ExecutionResult, requestId: string): string {
    if (errors) noteFaults(errors, requestId)
    const json = JSON.stringify({
      ...(errors && { errors: errors.map(formattedOf) }),
      ...result,
    })
    if (Buffer.byteLength(json) <= this.bytesMax) return json
    const text = `This answer would be larger than ${this.bytesMax} bytes: ask for less of each event.`
    return JSON.stringify(errorBody('ANSWER_TOO_LARGE', text, { max: this.bytesMax }))
  }
}

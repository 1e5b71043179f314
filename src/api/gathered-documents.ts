import {
  type DefinitionNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql'
import type { Limits } from './limits.js'
import { idOf, mistakesIn } from './manifest.js'
import { schemaOf } from './sdl.js'

export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** An operation as Apollo's manifests list it. */
export interface Gathered {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly body: string
}

/** Every operation with the fragments that it needs, by name; or all that is wrong, file by file. */
export function gathered(
  files: readonly SourceFile[],
  limits: Limits,
): { readonly operations: readonly Gathered[]; readonly mistakes: readonly string[] } {
  const mistakes: string[] = []
  const found = files.flatMap(file => definitionsIn(file, mistakes))
  const fragments = new Map(
    found.flatMap(({ node }) => (isFragment(node) ? [[node.name.value, node]] : [])),
  )
  const schema = schemaOf()
  const operations = new Map<string, Gathered>()
  for (const { node, path } of found) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    const name = node.name?.value
    if (name === undefined || operations.has(name)) {
      mistakes.push(
        `${path}: ${name === undefined ? 'an operation needs a name' : `there is another operation ${name}`}`,
      )
      continue
    }
    const body = [node, ...neededBy(node, fragments)].map(print).join('\n\n')
    for (const mistake of mistakesIn(body, schema, limits))
      mistakes.push(`${path}, ${name}: ${mistake}`)
    operations.set(name, { id: idOf(body), name, type: node.operation, body })
  }
  const byName = [...operations.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return { operations: byName, mistakes }
}

interface Found {
  readonly path: string
  readonly node: DefinitionNode
}

function definitionsIn({ path, text }: SourceFile, mistakes: string[]): Found[] {
  try {
    return parse(text, { noLocation: true }).definitions.map(node => ({ path, node }))
  } catch (error) {
    mistakes.push(`${path}: ${(error as Error).message}`)
    return []
  }
}

const isFragment = (node: DefinitionNode): node is FragmentDefinitionNode =>
  node.kind === Kind.FRAGMENT_DEFINITION

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** A fragment that is nowhere is left to validation, which names it. */
function neededBy(
  operation: OperationDefinitionNode,
  fragments: Fragments,
): FragmentDefinitionNode[] {
  const needed = new Set<FragmentDefinitionNode>()
  const look = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)
        if (!fragment || needed.has(fragment)) return
        needed.add(fragment)
        look(fragment)
      },
    })
  look(operation)
  return [...needed]
}

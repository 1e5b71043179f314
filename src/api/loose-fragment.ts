import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
} from 'graphql'

/**
 * The first fragment that no operation asks for, or whose name another one has. It is measured with no
 * operation, so validation, which would refuse it as well, could take long to read it.
 */
export function looseFragment({ definitions }: DocumentNode): GraphQLError | undefined {
  const fragments = definitions.filter(node => node.kind === Kind.FRAGMENT_DEFINITION)
  if (fragments.length === 0) return undefined
  const named = new Map(fragments.map(node => [node.name.value, node]))
  const reached = new Set<FragmentDefinitionNode>()
  for (const node of definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) reach(node.selectionSet, named, reached)
  const loose = fragments.find(node => !reached.has(node))
  if (!loose) return undefined
  const name = loose.name.value
  const message =
    named.get(name) === loose
      ? `Fragment "${name}" is never used.`
      : `There can be only one fragment named "${name}".`
  return new GraphQLError(message, { nodes: loose })
}

function reach(
  { selections }: SelectionSetNode,
  named: ReadonlyMap<string, FragmentDefinitionNode>,
  reached: Set<FragmentDefinitionNode>,
): void {
  for (const selection of selections) {
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? named.get(selection.name.value) : undefined
    if (fragment && reached.has(fragment)) continue
    if (fragment) reached.add(fragment)
    const within = selection.kind === Kind.FRAGMENT_SPREAD ? fragment : selection
    if (within?.selectionSet) reach(within.selectionSet, named, reached)
  }
}

import { readFileSync, readdirSync } from 'node:fs'
import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  buildASTSchema,
  parse,
  print,
} from 'graphql'

const folder = new URL('../../schema/', import.meta.url)

/** The contract as its files say it, in one document: what extends a root type is put into it. */
export function wholeDocument(): DocumentNode {
  const files = readdirSync(folder).filter(name => name.endsWith('.graphql'))
  const text = files.toSorted().map(name => readFileSync(new URL(name, folder), 'utf8'))
  const { definitions, ...rest } = parse(text.join('\n'), { noLocation: true })
  const extensions = definitions.filter(isExtension)
  const whole = definitions
    .filter(node => !isExtension(node))
    .map(node => (node.kind === Kind.OBJECT_TYPE_DEFINITION ? extended(node, extensions) : node))
  return { ...rest, definitions: whole }
}

/** With every description and every `@scope`; always the same bytes. */
export const schemaText = (): string => `${print(wholeDocument())}\n`

export const schemaOf = (): GraphQLSchema => buildASTSchema(wholeDocument())

const isExtension = (node: DefinitionNode): node is ObjectTypeExtensionNode =>
  node.kind === Kind.OBJECT_TYPE_EXTENSION

const extended = (
  type: ObjectTypeDefinitionNode,
  extensions: readonly ObjectTypeExtensionNode[],
): ObjectTypeDefinitionNode => ({
  ...type,
  fields: [
    ...(type.fields ?? []),
    ...extensions
      .filter(({ name }) => name.value === type.name.value)
      .flatMap(({ fields = [] }) => fields),
  ],
})

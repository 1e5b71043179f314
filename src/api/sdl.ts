import { readFileSync, readdirSync } from 'node:fs'
import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  buildASTSchema,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  parse,
  print,
} from 'graphql'

const folder = new URL('../../schema/', import.meta.url)

/** The contract as its files say it, one after the other. */
export function schemaFiles(): string {
  const files = readdirSync(folder).filter(name => name.endsWith('.graphql'))
  return files
    .toSorted()
    .map(name => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
}

/** The same in one document: what extends a type is put into it. */
export function wholeDocument(): DocumentNode {
  const { definitions, ...rest } = parse(schemaFiles(), { noLocation: true })
  const extensions = definitions.filter(isTypeExtensionNode)
  const whole = definitions
    .filter(node => !isTypeExtensionNode(node))
    .map(node => (isTypeDefinitionNode(node) ? extended(node, extensions) : node))
  return { ...rest, definitions: whole }
}

/** With every description and every `@scope`; always the same bytes. */
export const schemaText = (): string => `${print(wholeDocument())}\n`

export const schemaOf = (): GraphQLSchema => buildASTSchema(wholeDocument())

/** What a type can be given more of. */
const parts = ['fields', 'values', 'types', 'interfaces', 'directives'] as const
type Parts = { readonly [P in (typeof parts)[number]]?: readonly ASTNode[] | undefined }

function extended(
  type: TypeDefinitionNode,
  extensions: readonly TypeExtensionNode[],
): TypeDefinitionNode {
  const all: Parts[] = [type, ...extensions.filter(({ name }) => name.value === type.name.value)]
  const given = parts.filter(part => all.some(one => one[part]?.length))
  const whole = given.map(part => [part, all.flatMap(one => one[part] ?? [])] as const)
  return { ...type, ...Object.fromEntries(whole) }
}

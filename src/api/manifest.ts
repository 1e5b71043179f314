import { createHash } from 'node:crypto'
import { type GraphQLSchema, Kind, type DocumentNode, parse } from 'graphql'
import type { Principal } from '../auth/principal.js'
import { scopes } from '../auth/scopes.js'
import type { Limits } from './limits.js'
import { verdict } from './verdict.js'

/** Documents by the SHA-256 of their text, 64 lower-case hex digits. */
export type Manifest = ReadonlyMap<string, string>

/** More are no longer one organisation's clients. */
const documentsMax = 10_000
const told = 10

export const idOf = (document: string): string =>
  createHash('sha256').update(document).digest('hex')

/**
 * The two shapes that the generators of clients write: Apollo's list of `{ id, body }`, and the map
 * from id to document of Relay and GraphQL Code Generator. Throws an Error with the first mistakes.
 */
export function manifestFrom(json: unknown): Manifest {
  const entries = entriesOf(json)
  if (!entries)
    throw new Error(
      'is neither { "<sha256>": "<document>" } nor { "operations": [{ "id", "body" }] }',
    )
  if (entries.length > documentsMax) throw new Error(`holds more than ${documentsMax} documents`)
  refuse(
    entries
      .filter(({ id, body }) => id !== idOf(body))
      .map(({ id }) => `${id.slice(0, 80)} is not the SHA-256 of its document`),
  )
  return new Map(entries.map(({ id, body }) => [id, body]))
}

/** Throws an Error that names the documents which the schema or the limits refuse. */
export function assertServable(manifest: Manifest, schema: GraphQLSchema, limits: Limits): void {
  refuse(
    [...manifest].flatMap(([id, body]) =>
      mistakesIn(body, schema, limits).map(mistake => `${nameOf(body)} (${id}): ${mistake}`),
    ),
  )
}

/** Why a document would be refused whatever its variables are; nobody lacks a scope here. */
export function mistakesIn(body: string, schema: GraphQLSchema, limits: Limits): string[] {
  const names = namesOf(body)
  for (const name of names.length > 0 ? names : [undefined]) {
    const judged = verdict(schema, body, name, {}, anybody, limits)
    if ('refused' in judged) return judged.refused.map(({ message }) => message)
  }
  return []
}

const anybody: Principal = { actor: { type: 'SYSTEM', id: 'check' }, scopes: new Set(scopes) }

function refuse(mistakes: readonly string[]): void {
  if (mistakes.length === 0) return
  const more = mistakes.length > told ? `, and ${mistakes.length - told} more` : ''
  throw new Error(`cannot be used: ${mistakes.slice(0, told).join('; ')}${more}`)
}

interface Entry {
  readonly id: string
  readonly body: string
}

function entriesOf(json: unknown): readonly Entry[] | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const { operations } = json as { operations?: unknown }
  const entries = Array.isArray(operations)
    ? operations.map(one => ({ id: one?.id, body: one?.body }))
    : Object.entries(json).map(([id, body]) => ({ id, body }))
  return entries.every(isEntry)
    ? entries.map(({ id, body }) => ({ id: id.replace(/^sha256:/, ''), body }))
    : undefined
}

const isEntry = (one: { id: unknown; body: unknown }): one is Entry =>
  typeof one.id === 'string' && typeof one.body === 'string'

const nameOf = (body: string) => namesOf(body)[0] ?? 'an operation without a name'

function namesOf(body: string): string[] {
  try {
    return operationNames(parse(body))
  } catch {
    return []
  }
}

const operationNames = ({ definitions }: DocumentNode) =>
  definitions.flatMap(node =>
    node.kind === Kind.OPERATION_DEFINITION && node.name ? [node.name.value] : [],
  )

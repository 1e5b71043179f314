import type { PageInfo } from '../schema.generated.js'
import { invalidCursor } from './cursor.js'

export interface Connection<Node> {
  readonly edges: { readonly cursor: string; readonly node: Node }[]
  readonly nodes: Node[]
  readonly pageInfo: PageInfo
}

/** Edges as a connection. */
export function connection<Node>(
  edges: { cursor: string; node: Node }[],
  hasNextPage: boolean,
  endCursor: string | null = edges.at(-1)?.cursor ?? null,
): Connection<Node> {
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: { endCursor, hasNextPage } }
}

/** Which page of a list is asked for. */
export interface Page {
  readonly first: number
  readonly after?: string | null | undefined
}

/** A page of a list that is all in memory; the cursor is the key of the last element shown. */
export function pageOf<Element, Node>(
  all: readonly Element[],
  keyOf: (element: Element) => string,
  { first, after }: Page,
  nodeOf: (element: Element) => Node,
): Connection<Node> {
  const from = after == null ? 0 : placeIn(all, keyOf, after) + 1
  const edges = all
    .slice(from, from + first)
    .map(element => ({ cursor: encoded(keyOf(element)), node: nodeOf(element) }))
  return connection(edges, from + first < all.length)
}

function placeIn<Element>(
  all: readonly Element[],
  keyOf: (element: Element) => string,
  after: string,
): number {
  const place = all.findIndex(element => encoded(keyOf(element)) === after)
  if (place < 0) throw invalidCursor()
  return place
}

const encoded = (key: string) => Buffer.from(key).toString('base64url')

import { Rejected } from '../decider/facet.js'

/** A total order of rows that an index follows; all its columns run in one direction. */
export interface Order<Row> {
  readonly name: string
  readonly index: string
  readonly direction: 'asc' | 'desc'
  /** Together unique. */
  readonly columns: readonly (keyof Row & string)[]
}

/** A piece of a WHERE clause. */
export interface Condition {
  readonly where: string
  readonly values: readonly (string | number)[]
}

/** All of them at once. */
export const all = (...conditions: readonly Condition[]): Condition => ({
  where: conditions.map(({ where }) => `(${where})`).join(' and ') || 'true',
  values: conditions.flatMap(({ values }) => values),
})

export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly hasNextPage: boolean
}

const firstMax = 100
/** Longer than any cursor we make. */
const cursorLengthMax = 1000

/** Rows to read for a page, one more than to show: whether there is a next page. */
export function limitOf(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > firstMax)
    throw new Rejected('INVALID_INPUT', `A page holds 1 to ${firstMax}.`, { fields: ['first'] })
  return first + 1
}

/** What lies behind a cursor; `Rejected('INVALID_CURSOR')` if it is not one of this order. */
export function behind<Row>(order: Order<Row>, after: string | null | undefined): Condition[] {
  if (after == null) return []
  const places = order.columns.map(() => '?').join(', ')
  const sign = order.direction === 'asc' ? '>' : '<'
  return [
    { where: `(${order.columns.join(', ')}) ${sign} (${places})`, values: keysOf(order, after) },
  ]
}

export const orderBy = ({ columns, direction }: Order<never>) =>
  columns.map(column => `${column} ${direction}`).join(', ')

export function pageOf<Row, Node>(
  order: Order<Row>,
  rows: readonly Row[],
  first: number,
  nodeOf: (row: Row) => Node,
): Page<Node> {
  const edges = rows
    .slice(0, first)
    .map(row => ({ cursor: cursorOf(order, row), node: nodeOf(row) }))
  return { edges, hasNextPage: rows.length > first }
}

const cursorOf = <Row>({ name, columns }: Order<Row>, row: Row) =>
  encoded([name, ...columns.map(column => row[column])])

const encoded = (keys: unknown) => Buffer.from(JSON.stringify(keys)).toString('base64url')

function keysOf<Row>({ name, columns }: Order<Row>, cursor: string): (string | number)[] {
  const decoded = cursor.length <= cursorLengthMax ? parsed(cursor) : undefined
  if (!Array.isArray(decoded) || encoded(decoded) !== cursor) throw notOurs()
  const [of, ...keys] = decoded
  if (of !== name || keys.length !== columns.length || !keys.every(isKey)) throw notOurs()
  return keys
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

const isKey = (key: unknown) => typeof key === 'string' || Number.isSafeInteger(key)

const notOurs = () =>
  new Rejected('INVALID_CURSOR', 'This is no cursor of this list in this order; begin without it.')

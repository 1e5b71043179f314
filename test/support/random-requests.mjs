import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

/** The same numbers for the same seed (mulberry32), so that a failure can be made again. */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0
  }
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** 0 … below. */
  below = max => Math.floor(this.next() * max)
  chance = probability => this.next() < probability
  pick = list => list[this.below(list.length)]
}

/** Deeper and wider than this a query mostly breaks a limit. */
const depthMax = 6
const fieldsMax = 4

/** A query that the schema allows; `pool` holds ids, texts and cursors that may mean something. */
export function randomQuery(schema, random, pool) {
  const asked = { random, pool, schema, declared: [], variables: {} }
  const fields = Object.values(schema.getQueryType().getFields())
  const roots = Array.from({ length: 1 + random.below(2) }, (_, i) =>
    field(asked, random.pick(fields), depthMax, `r${i}: `),
  )
  const declared = asked.declared.length > 0 ? `(${asked.declared.join(', ')})` : ''
  return { query: `query Q${declared} { ${roots.join(' ')} }`, variables: asked.variables }
}

function field(asked, { name, args, type }, depth, alias = '') {
  const { random } = asked
  const given = args
    .filter(arg => isRequiredArgument(arg) || random.chance(0.4))
    .map(arg => `${arg.name}: ${argument(asked, arg)}`)
  const written = given.length > 0 ? `(${given.join(', ')})` : ''
  const named = getNamedType(type)
  return `${alias}${name}${written}${isCompositeType(named) ? selection(asked, named, depth - 1) : ''}`
}

function selection(asked, type, depth) {
  const { random, schema } = asked
  if (!isObjectType(type) && !isInterfaceType(type)) {
    const one = random.pick(schema.getPossibleTypes(type))
    return ` { __typename ... on ${one.name}${selection(asked, one, depth)} }`
  }
  const fields = Object.values(type.getFields()).filter(
    one =>
      (depth > 0 || !isCompositeType(getNamedType(one.type))) && !one.args.some(isRequiredArgument),
  )
  const count = fields.length === 0 ? 0 : 1 + random.below(fieldsMax)
  const chosen = new Set(Array.from({ length: count }, () => random.pick(fields)))
  return ` { __typename ${[...chosen].map(one => field(asked, one, depth)).join(' ')} }`
}

function argument(asked, arg) {
  const value = valueOf(asked, arg.type, arg.name)
  if (asked.random.chance(0.5)) return literal(value, arg.type)
  const name = `v${asked.declared.length}`
  asked.declared.push(`$${name}: ${arg.type}`)
  asked.variables[name] = value
  return `$${name}`
}

/** A value that the type takes; whether it means anything is another matter. */
function valueOf(asked, type, name, depth = 3) {
  const { random, pool } = asked
  if (isNonNullType(type)) return valueOf(asked, type.ofType, name, depth)
  if (isListType(type))
    return Array.from({ length: random.below(4) }, () => valueOf(asked, nonNull(type.ofType), name))
  if (isEnumType(type)) return random.pick(type.getValues()).name
  if (isInputObjectType(type)) return inputOf(asked, type, depth)
  if (name === 'first') return 1 + random.below(20)
  const scalars = {
    Int: () => random.pick([0, 1, -1, 2, 7, 100, 2147483647, -2147483648]),
    Float: () => random.pick([0, -1.5, 1e300]),
    Boolean: () => random.chance(0.5),
    DateTime: () => random.pick(pool.times),
    Cursor: () => random.pick(pool.cursors),
    ID: () => random.pick(pool.ids),
  }
  return scalars[type.name]?.() ?? random.pick([...pool.texts, ...pool.ids])
}

const nonNull = type => (isNonNullType(type) ? type.ofType : type)

function inputOf(asked, type, depth) {
  const fields = Object.values(type.getFields())
  // Exactly one of them, where the schema says so of its members in words.
  const chosen = fields.filter(
    one => isRequiredInputField(one) || (depth > 0 && asked.random.chance(0.3)),
  )
  return Object.fromEntries(
    chosen.map(one => [one.name, valueOf(asked, one.type, one.name, depth - 1)]),
  )
}

function literal(value, type) {
  if (isNonNullType(type)) return literal(value, type.ofType)
  if (isListType(type)) return `[${value.map(one => literal(one, type.ofType)).join(', ')}]`
  if (isEnumType(type)) return value
  if (!isInputObjectType(type)) return JSON.stringify(value)
  const fields = Object.entries(value).map(
    ([name, one]) => `${name}: ${literal(one, type.getFields()[name].type)}`,
  )
  return `{${fields.join(', ')}}`
}

const types = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/graphql-response+json',
  'application/graphql',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'nonsense',
  '',
]
const odd = [null, true, 0, -1, 1e308, '', 'x', '\u0000', '\ud800', [], {}, [[]], { a: { a: {} } }]
const members = ['query', 'variables', 'operationName', 'extensions', 'documentId', '__proto__']

/** A request to /graphql with something wrong in it, or at least odd: its bytes and its headers. */
export function malformedRequest(random, example) {
  const body = JSON.stringify(example)
  const ways = [
    () => damaged(random, Buffer.from(body)),
    () => Buffer.from(JSON.stringify({ query: shuffled(random, example.query) })),
    () => Buffer.from(JSON.stringify({ ...example, [random.pick(members)]: oddValue(random, 4) })),
    () => Buffer.from(JSON.stringify(oddValue(random, 6))),
    () => Buffer.from(Array.from({ length: random.below(500) }, () => random.below(256))),
    () => Buffer.from(body.slice(0, random.below(body.length))),
    () => Buffer.from(random.pick(['[', '{"a":', '"', '{ a', '((((']).repeat(random.below(5000))),
    () => Buffer.from(JSON.stringify({ query: JSON.stringify(oddValue(random, 5)) })),
  ]
  const type = random.chance(0.8) ? types[0] : random.pick(types)
  const accept = random.chance(0.9) ? '*/*' : random.pick(types)
  return {
    body: random.pick(ways)(),
    headers: { ...(type && { 'content-type': type }), ...(accept && { accept }) },
  }
}

function damaged(random, bytes) {
  for (let i = 0; i <= random.below(8); i++) bytes[random.below(bytes.length)] = random.below(256)
  return bytes
}

/** The document with some of its words left out, doubled or put elsewhere. */
function shuffled(random, text) {
  const words = text.match(/\w+|\S/g) ?? []
  for (let i = 0; i <= random.below(6); i++) {
    const at = random.below(words.length)
    const word = random.pick(words)
    words.splice(at, random.below(2), ...(random.chance(0.6) && word ? [word] : []))
  }
  return words.join(' ')
}

function oddValue(random, depth) {
  if (depth === 0 || random.chance(0.3)) return random.pick(odd)
  const length = random.below(5)
  if (random.chance(0.5)) return Array.from({ length }, () => oddValue(random, depth - 1))
  const name = () => random.pick([...members, 'constructor', '', 'a'])
  return Object.fromEntries(Array.from({ length }, () => [name(), oddValue(random, depth - 1)]))
}

/** What is wrong with an answer; undefined if nothing is. */
export function faultIn(status, text, bytesMax = Infinity) {
  if (status >= 500 && status !== 503) return `status ${status}`
  if (/node_modules|\/src\/|\/dist\/|\.[jt]s:\d+/.test(text)) return 'a path'
  let answer
  try {
    answer = JSON.parse(text)
  } catch {
    return 'no JSON'
  }
  if (answer?.errors?.some(({ extensions }) => extensions?.code === undefined)) return 'no code'
  if (answer?.errors?.some(({ extensions }) => extensions.code === 'INTERNAL')) return 'INTERNAL'
  const size = Buffer.byteLength(text)
  if (status >= 400 && size > bytesMax) return `${size} bytes`
  return undefined
}

import type { RejectionCode } from '../../src/schema.generated.js'

/** What is sent to /graphql with a valid key, unless it says otherwise, and how it is refused. */
export interface Hostile {
  readonly what: string
  readonly status: number
  readonly code: RejectionCode
  readonly body: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The document, where it is one: its verdict is measured too. */
  readonly query?: string
}

const times = (count: number, make: (i: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, i) => make(i)).join(between)
const nested = (depth: number, field = 'a') =>
  `${field} { `.repeat(depth) + 'a' + ' }'.repeat(depth)
/** Each fragment spreads the next one twice: 2^n fields in a document of 9 n tokens. */
const doubling = (count: number, leaf: string) =>
  `{ ...F0 } ${times(count, i => `fragment F${i} on Query { a${i} { ...F${i + 1} } b${i} { ...F${i + 1} } }`)}
   fragment F${count} on Query { ${leaf} }`

const asked =
  (what: string, status: number, code: RejectionCode) =>
  (query: string, more = {}) => ({
    what,
    status,
    code,
    query,
    body: JSON.stringify({ query, ...more }),
  })
const tooComplex = (what: string, query: string, more = {}) =>
  asked(what, 400, 'TOO_COMPLEX')(query, more)
const invalid = (what: string, query: string, more = {}) =>
  asked(what, 400, 'GRAPHQL_VALIDATION_FAILED')(query, more)
const broken = (what: string, query: string) => asked(what, 400, 'GRAPHQL_PARSE_FAILED')(query)
const unreadable = (what: string, body: string, more: Partial<Hostile> = {}): Hostile => ({
  what,
  status: 400,
  code: 'BAD_REQUEST',
  body,
  ...more,
})
/** An input, as a variable, with all that belongs into it and more. */
const given = (what: string, code: RejectionCode, input: object) =>
  asked(
    what,
    400,
    code,
  )('mutation ($input: DeclareIncidentInput!) { declareIncident(input: $input) { revision } }', {
    variables: { input: { title: 'x', ...input } },
  })
const names = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`x${i}`, i]))
const listed = (count: number, one: unknown) => Array.from({ length: count }, () => one)
const byStatus =
  'query ($s: [IncidentStatus!]) { incidents(filter: { status: $s }) { nodes { id } } }'
const declare = 'declareIncident(input: { title: "x" }) { revision }'
const plain = JSON.stringify({ query: '{ __typename }' })

export const hostile: readonly Hostile[] = [
  tooComplex('13 fields deep', `{ ${nested(12)} }`),
  tooComplex('300 fields deep', `{ ${nested(300)} }`),
  tooComplex(
    'deep through inline fragments',
    `{ ${'a { ... { '.repeat(13)}a${' } }'.repeat(13)} }`,
  ),
  tooComplex(
    'deep through a chain of fragments',
    `{ ...F0 } ${times(13, i => `fragment F${i} on Query { a { ...F${i + 1} } }`)} fragment F13 on Query { a }`,
  ),
  tooComplex('31 aliases', `{ incident(id: "x") { ${times(31, i => `a${i}: id`)} } }`),
  tooComplex(
    '32 aliases through a fragment',
    `{ incident(id: "x") { ...A ...A } } fragment A on Incident { ${times(16, i => `a${i}: id`)} }`,
  ),
  tooComplex('one field 900 times', `{ incident(id: "x") { ${'id '.repeat(900)} } }`),
  tooComplex('the same alias 200 times', `{ incident(id: "x") { ${'a: id '.repeat(200)} } }`),
  tooComplex('11 root fields', `{ ${times(11, i => `a${i}`)} }`),
  tooComplex(
    '12 root fields through fragments',
    `{ ...A ...B } ${times(2, n => `fragment ${'AB'[n]} on Query { ${times(6, i => `f${n}${i}`)} }`)}`,
  ),
  tooComplex('1,001 tokens', `{ ${times(999, i => `f${i}`)} }`),
  tooComplex('30,000 brackets of a list', `{ a(b: ${'['.repeat(30_000)}`),
  tooComplex('a cost of 6,101', `{ incidents(first: 100) { ${times(61, i => `x${i} { y }`)} } }`),
  tooComplex(
    'a cost that a skipped field would have',
    `{ incidents(first: 100) @skip(if: true) { ${times(61, i => `x${i} { y }`)} } }`,
  ),
  tooComplex('fragments that double 5 times within a list', doubling(9, 'incidents { a { b } }')),
  tooComplex('fragments that double 40 times', doubling(40, 'a')),
  tooComplex(
    'fragments that double 70 times and end nowhere',
    `{ ...F0 } ${times(70, i => `fragment F${i} on Query { a { ...F${i + 1} ...F${i + 1} } }`)}`,
  ),
  tooComplex(
    'another operation that is too deep',
    `query A { __typename } query B { ${nested(13)} }`,
    { operationName: 'A' },
  ),
  tooComplex(
    'introspection beside a field, too deep',
    `{ incident(id: "x") { id } __schema { types { ${nested(12, 'ofType')} } } }`,
  ),
  asked(
    '31 aliases of introspection',
    400,
    'TOO_COMPLEX',
  )(`{ __schema { ${times(31, i => `a${i}: description`)} } }`),
  asked('a page of 101', 400, 'INVALID_INPUT')('{ incidents(first: 101) { id } }'),
  asked('a page of 0', 400, 'INVALID_INPUT')('{ incidents(first: 0) { id } }'),
  asked('a page of -1', 400, 'INVALID_INPUT')('{ incidents(first: -1) { id } }'),
  asked(
    'no page size where one is given',
    400,
    'INVALID_INPUT',
  )('{ incidents(first: null) { id } }'),
  asked(
    'a page of 2^31 - 1 in a variable',
    400,
    'INVALID_INPUT',
  )('query ($n: Int) { incidents(first: $n) { id } }', { variables: { n: 2_147_483_647 } }),
  asked(
    'a page of 1,000 by default',
    400,
    'INVALID_INPUT',
  )('query ($n: Int = 1000) { incidents(first: $n) { id } }'),
  asked('two commands', 400, 'ONE_MUTATION_ONLY')(`mutation { ${declare} b: ${declare} }`),
  asked(
    'two commands in fragments',
    400,
    'ONE_MUTATION_ONLY',
  )(`mutation { ...A ... { b: ${declare} } } fragment A on Mutation { ${declare} }`),
  asked(
    'one command of two skipped',
    400,
    'ONE_MUTATION_ONLY',
  )(`mutation { ${declare} ${declare.replace('{ revision', '@skip(if: true) { revision')} }`),
  invalid(
    'a fragment that nothing asks for, of many fields within fields',
    `{ __typename } fragment F on Incident { ${times(240, () => 'commander { id }')} }`,
  ),
  invalid(
    'two fragments of one name, the first of many fields within fields',
    `{ incident(id: "x") { ...F } } fragment F on Incident { ${times(230, () => 'commander { id }')} }
    fragment F on Incident { id }`,
  ),
  invalid('an unknown field', '{ incidentz { id } }'),
  invalid('200 unknown fields', `{ incident(id: "x") { ${times(200, i => `unknown${i}`)} } }`),
  invalid('a field with a name of 60,000 letters', `{ ${'a'.repeat(60_000)} }`),
  invalid('a fragment within itself', '{ ...A } fragment A on Query { ...A }'),
  invalid(
    'fragments within each other',
    '{ ...A } fragment A on Query { a { ...B } } fragment B on Query { b { ...A } }',
  ),
  invalid(
    '100 fragments that nobody uses',
    `{ __typename } ${times(100, i => `fragment F${i} on Query { __typename }`)}`,
  ),
  invalid('a spread of no fragment', '{ ...Nowhere }'),
  invalid('a type definition', '{ __typename } type Query { a: Int }'),
  invalid('300 unknown directives', `{ __typename ${times(300, i => `@d${i}`)} }`),
  invalid('the same argument 150 times', `{ incident(${'id: "x" '.repeat(150)}) { id } }`),
  invalid(
    'introspection of lists in lists',
    `{ __schema { types { ${'fields { type { '.repeat(5)} name ${'} } '.repeat(5)} } } }`,
  ),
  invalid('a subscription where there are none', 'subscription { anything }'),
  invalid('two operations of one name', 'query A { __typename } query A { __typename }', {
    operationName: 'A',
  }),
  broken('half a document', '{ incidents {'),
  broken('a document of words', `${'Ω '.repeat(20_000)}`),
  broken('control characters', '{ \u0000\u0001 }'),
  broken('a string that does not end', `{ incident(id: "${'x'.repeat(50_000)}`),
  asked('a document of 65 KiB', 413, 'TOO_LARGE')(`{ __typename } #${'x'.repeat(65 * 1024)}`),
  asked('200 KiB of comments', 413, 'TOO_LARGE')(`${'#\n'.repeat(100_000)}{ __typename }`),
  broken('64 KiB of comments and nothing else', '#\n'.repeat(32_000)),
  asked(
    'an unknown operationName',
    400,
    'OPERATION_RESOLUTION_FAILURE',
  )('query A { __typename }', {
    operationName: 'B',
  }),
  asked(
    'two operations and no operationName',
    400,
    'OPERATION_RESOLUTION_FAILURE',
  )('query A { __typename } query B { __typename }'),
  asked('no operation', 400, 'OPERATION_RESOLUTION_FAILURE')('fragment A on Query { __typename }'),
  asked(
    'a variable of the wrong kind',
    400,
    'BAD_USER_INPUT',
  )('query ($id: ID!) { incident(id: $id) { id } }', { variables: { id: { a: 1 } } }),
  given('an input with 100 unknown fields', 'BAD_USER_INPUT', names(100)),
  given('an input with 3,000 unknown fields', 'BAD_USER_INPUT', names(3000)),
  given('an input with 9,000 unknown fields', 'INVALID_INPUT', names(9000)),
  given('3,000 fields where a text belongs', 'BAD_USER_INPUT', { title: names(3000) }),
  given('three unknown fields of 60,000 letters', 'BAD_USER_INPUT', {
    ['x'.repeat(60_000)]: 1,
    ['y'.repeat(60_000)]: 1,
    ['z'.repeat(60_000)]: 1,
  }),
  given('50,000 services', 'INVALID_INPUT', { services: listed(50_000, '') }),
  given('custom fields with nothing right', 'BAD_USER_INPUT', {
    customFields: listed(900, { x: 1 }),
  }),
  given('the constructor of an input', 'BAD_USER_INPUT', { constructor: { a: 1 } }),
  invalid(
    'a literal with 320 unknown fields',
    `mutation { declareIncident(input: { ${times(320, i => `x${i}: 1`)} }) { revision } }`,
  ),
  invalid(
    'a default with 300 unknown fields',
    `mutation ($i: DeclareIncidentInput! = { ${times(300, i => `x${i}: 1`)} }) { declareIncident(input: $i) { revision } }`,
  ),
  invalid(
    '300 values that are none of an enum',
    `{ incidents(filter: { status: [${times(300, i => `X${i}`)}] }) { nodes { id } } }`,
  ),
  asked(
    '900 values that are nearly of an enum',
    400,
    'BAD_USER_INPUT',
  )(byStatus, {
    variables: { s: listed(900, 'ACTIVF') },
  }),
  asked(
    'ten values of 20,000 letters for an enum',
    400,
    'BAD_USER_INPUT',
  )(byStatus, {
    variables: { s: listed(10, 'X'.repeat(20_000)) },
  }),
  asked(
    '20,000 values of an enum',
    400,
    'INVALID_INPUT',
  )(byStatus, {
    variables: { s: listed(20_000, 'ACTIVE') },
  }),
  asked(
    'a document of 60,000 lines',
    413,
    'TOO_LARGE',
  )(`${'\n'.repeat(60_000)}{ incident(id: "x") { ${times(200, i => `u${i}`)} } }`),
  invalid(
    '100 unknown arguments',
    `{ incidents(${times(100, i => `x${i}: 1`)}) { nodes { id } } }`,
  ),
  invalid('150 unknown types', `{ ${times(150, i => `... on X${i} { __typename }`)} }`),
  asked(
    'an operationName of 100,000 letters',
    400,
    'OPERATION_RESOLUTION_FAILURE',
  )('query A { __typename }', { operationName: 'x'.repeat(100_000) }),
  given('variables 900 deep', 'BAD_USER_INPUT', {
    a: JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`),
  }),
  unreadable(
    'variables 20,000 deep',
    `{"query": "{ __typename }", "variables": {"a": ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}`,
  ),
  unreadable('lists 100,000 deep', `{"variables": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
  unreadable('28,000 names', `{${times(28_000, i => `"${i.toString(36)}":1`, ',')}}`),
  asked(
    'a list of 50,000 where a text belongs',
    400,
    'BAD_USER_INPUT',
  )('query ($id: ID!) { incident(id: $id) { id } }', {
    variables: { id: Array.from({ length: 50_000 }, () => 1) },
  }),
  asked(
    'a number beyond all bounds',
    400,
    'INVALID_INPUT',
  )('query ($n: Int) { incidents(first: $n) { nodes { id } } }', { variables: { n: 1e308 } }),
  invalid(
    'an object literal 200 deep',
    `{ incident(id: ${'{a:'.repeat(200)}1${'}'.repeat(200)}) { id } }`,
  ),
  invalid(
    'a list literal 300 deep',
    `{ incident(id: ${'['.repeat(300)}${']'.repeat(300)}) { id } }`,
  ),
  invalid(
    'a variable that is its own default',
    'query ($n: Int = $n) { incidents(first: $n) { nodes { id } } }'.replace('= $n', '= "x"'),
  ),
  invalid(
    '300 variables that nobody uses',
    `query (${times(240, i => `$v${i}: Int`)}) { __typename }`,
  ),
  asked(
    'a number of 10,000 digits',
    400,
    'INVALID_INPUT',
  )(`{ incidents(first: ${'9'.repeat(10_000)}) { nodes { id } } }`),
  broken('a block string that does not end', `{ incident(id: """${'x\n'.repeat(20_000)}`),
  broken('escapes of no character', '{ incident(id: "\\u{FFFFFFFFF}") { id } }'),
  unreadable('bytes that are no text', '\ufffd\ufffe'),
  unreadable('250 KiB of spaces', ' '.repeat(250 * 1024)),
  unreadable('broken JSON', '{"query": "{ __typename }"'),
  unreadable('an empty body', ''),
  unreadable('no query', '{}'),
  unreadable('a query that is no text', '{"query": {"kind": "Document"}}'),
  unreadable('an empty query', '{"query": ""}'),
  unreadable('null', 'null'),
  unreadable('a number', '42'),
  unreadable('a batch', `[${plain},${plain}]`),
  unreadable('a batch of 1,000', `[${times(1000, () => plain, ',')}]`),
  unreadable('a prototype', '{"__proto__": {"query": "{ __typename }"}}'),
  unreadable('100,000 open brackets', '['.repeat(100_000)),
  unreadable('variables as text', '{"query": "{ __typename }", "variables": "{}"}'),
  unreadable('variables as a list', '{"query": "{ __typename }", "variables": [1]}'),
  unreadable(
    'a persisted query',
    '{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}}',
  ),
  unreadable('an answer that nobody can give', plain, {
    status: 406,
    headers: { accept: 'image/png' },
  }),
  unreadable('a body of 257 KiB', JSON.stringify({ query: 'x'.repeat(257 * 1024) }), {
    status: 413,
    code: 'TOO_LARGE',
  }),
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'].map(
    type =>
      unreadable(`a body of ${type}`, plain, {
        status: 415,
        code: 'UNSUPPORTED_MEDIA_TYPE',
        headers: { 'content-type': type },
      }),
  ),
  ...['PUT', 'PATCH', 'DELETE'].map(method =>
    unreadable(`the method ${method}`, plain, { method, status: 404, code: 'NOT_FOUND' }),
  ),
]

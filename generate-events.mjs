import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { createGenerator } from 'ts-json-schema-generator'
import ts from 'typescript'

/**
 * The events of the facets → schema/events/<wire type>.json, JSON Schema 2020-12 of what an event's
 * data is told as. A file is never deleted: stored events of an older version are told for ever. Throws
 * for what would change a schema so that a reader of it could not read on, and, with `check`, for
 * whatever is missing or stale.
 */
export async function generateEventSchemas(check) {
  const wrong = []
  for (const [type, schema] of await eventSchemas()) {
    const file = `schema/events/${type}.json`
    const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
    if (isDeepStrictEqual(kept, schema)) continue
    if (kept && !isGrown(kept, schema))
      wrong.push(`${file} says otherwise, and is stored so: a new shape is a new type or version`)
    else if (check) wrong.push(`${file} is ${kept ? 'stale' : 'missing'}: npm run generate`)
    else writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`)
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

/**
 * Whether a schema is another one with nothing but optional fields added, or other words: what an event
 * may be given without a new version. A value more in an enumeration is none of it.
 */
export function isGrown(before, after, isFields = false) {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.every((one, i) => isGrown(one, after[i]))
  if (!isObject(before) || !isObject(after)) return isDeepStrictEqual(before, after)
  const isWords = name => !isFields && (name === 'title' || name === 'description')
  return (
    Object.keys(before).every(
      name =>
        isWords(name) || isGrown(before[name], after[name], !isFields && name === 'properties'),
    ) &&
    (isFields || Object.keys(after).every(name => isWords(name) || name in before))
  )
}

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Wire type → schema. */
async function eventSchemas() {
  const { wireType } = await imported('src/replays/wire-type.ts')
  const [version] = /(?<=^export const schemaVersion = )\d+/m.exec(text('src/decider/decider.ts'))
  const generator = createGenerator({
    path: 'src/{incident,organisation}/*.ts',
    tsconfig: 'tsconfig.json',
    expose: 'none',
    topRef: false,
    jsDoc: 'extended',
    // A field may be added to an event at any time, if who ignores it decides the same.
    additionalProperties: true,
    skipTypeCheck: true,
  })
  const [namedIn] = literals('src/incident/counterparts.ts', 'namedIn')
  const schemas = new Map()
  for (const kind of ['incident', 'organisation'])
    for (const file of readdirSync(`src/${kind}`).map(name => `src/${kind}/${name}`)) {
      const sensitive = Object.assign({}, ...literals(file, 'sensitive'))
      const events = text(file).matchAll(/(?<=^export interface )\w+Events\b/gm)
      const told = [...events].flatMap(([name]) =>
        Object.entries(generator.createSchema(name).properties),
      )
      if (
        !isDeepStrictEqual(told.map(([type]) => type).toSorted(), Object.keys(sensitive).toSorted())
      )
        throw new Error(`${file}: the events are not those whose fields are said to be sensitive`)
      for (const [type, data] of told) {
        const wire = wireType(kind, type, Number(version))
        schemas.set(wire, eventSchema(wire, kind, type, data, sensitive[type], namedIn[type]))
      }
    }
  return schemas
}

function eventSchema(wire, kind, type, data, sensitive, other) {
  const { description = `The data of ${type}, an event of ${whose[kind]}.`, ...rest } = data
  const properties = Object.entries(data.properties ?? {}).map(([field, schema]) => [
    field,
    other !== undefined && isText(schema) ? hideable(schema) : erasable(schema, sensitive[field]),
  ])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `${wire}.json`,
    title: words(type),
    description,
    ...rest,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
  }
}

const whose = { incident: 'an incident', organisation: 'the organisation' }

/** `SeveritySet` is “Severity set”. */
const words = type => type.replaceAll(/(?<!^)[A-Z]/g, letter => ` ${letter.toLowerCase()}`)

/** Wherever the id of another incident stands, it is told as null to who may not see that one. */
const hideable = schema => ({ ...schema, type: ['string', 'null'] })

/** What could name a person or hold their words may once be erased, and then reads as this. */
const erasable = (schema, sensitivity) =>
  sensitivity === undefined || sensitivity === 'PLAIN' || isText(schema)
    ? schema
    : { anyOf: [schema, { const: '[erased]' }] }
const isText = ({ type, enum: values }) => type === 'string' && values === undefined

const text = file => readFileSync(file, 'utf8')

/** A module that imports nothing. */
const imported = file =>
  import(
    `data:text/javascript,${encodeURIComponent(ts.transpile(text(file), { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 }))}`
  )

/** Every object literal of a file that is called so, as far as it says literals. */
function literals(file, name) {
  const found = []
  const look = node => {
    const isIt = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)
    if (isIt && node.name.text === name && node.initializer) found.push(said(node.initializer))
    else ts.forEachChild(node, look)
  }
  look(ts.createSourceFile(file, text(file), ts.ScriptTarget.ES2023))
  return found
}
const said = node =>
  ts.isObjectLiteralExpression(node)
    ? Object.fromEntries(
        node.properties.map(({ name, initializer }) => [name.text, said(initializer)]),
      )
    : node.text

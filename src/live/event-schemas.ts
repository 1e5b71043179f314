import { readFileSync, readdirSync } from 'node:fs'

const folder = new URL('../../schema/events/', import.meta.url)
const suffix = '.json'

/** The JSON Schemas of what events are told as, by wire type: every version that there ever was. */
export const eventSchemas = (): ReadonlyMap<string, object> =>
  new Map(
    readdirSync(folder)
      .filter(name => name.endsWith(suffix))
      .toSorted()
      .map(name => [
        name.slice(0, -suffix.length),
        JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as object,
      ]),
  )

/** Where the schema of a type is read; there is one of every type that this version writes. */
export const schemaUrl = (publicUrl: string, wireType: string): string =>
  `${publicUrl}/schemas/${wireType}${suffix}`

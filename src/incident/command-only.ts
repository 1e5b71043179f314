import { facets } from './incident.js'

/** What a field reads as to all who are not told it where it belongs. */
export const RESTRICTED = '[restricted]'

/** Event → its fields that only command and the organisation’s managers may read. */
const fields: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(facets)
    .flatMap(({ sensitive }) => Object.entries<Record<string, string>>(sensitive))
    .map(
      ([type, sensitivities]) =>
        [
          type,
          Object.keys(sensitivities).filter(field => sensitivities[field] === 'COMMAND_ONLY'),
        ] as const,
    )
    .filter(([, commandOnly]) => commandOnly.length > 0),
)

/**
 * An event’s data as it is told wherever events are told, to everybody: also to those who may read what
 * is left out, for what is told goes on to others. The same object, if nothing is left out.
 */
export function openly<Data extends object>(type: string, data: Data): Data {
  const commandOnly = fields.get(type)?.filter(field => field in data) ?? []
  if (commandOnly.length === 0) return data
  return { ...data, ...Object.fromEntries(commandOnly.map(field => [field, RESTRICTED])) }
}

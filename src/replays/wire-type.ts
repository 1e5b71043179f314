/** Whose events they are: the first part of a stream's name. */
export type StreamKind = 'incident' | 'organisation'

export interface EventType {
  readonly kind: StreamKind
  /** As stored: `SeveritySet`. */
  readonly type: string
  readonly schemaVersion: number
}

const prefix = 'dev.incidentledger.'
const form = /^dev\.incidentledger\.(incident|organisation)\.([a-z][a-z0-9_]*)\.v([1-9][0-9]{0,8})$/

/**
 * As clients see a type: `SeveritySet` is `dev.incidentledger.incident.severity_set.v1`. What
 * happens to the incident itself is one word there, `IncidentDeclared` being `…incident.declared.v1`;
 * all other events have at least two, a subject and what became of it, so none is taken for another.
 */
export function wireType(kind: StreamKind, type: string, schemaVersion: number): string {
  const words = type.match(/[A-Z][^A-Z]*|^[^A-Z]+/g)?.map(word => word.toLowerCase()) ?? []
  const said = words.length === 2 && words[0] === kind ? words.slice(1) : words
  return `${prefix}${kind}.${said.join('_')}.v${schemaVersion}`
}

/** The stored type of which this is the wire type; undefined if it is none's. */
export function storedType(wire: string): EventType | undefined {
  const [, kind, said, version] = form.exec(wire) ?? []
  if (kind === undefined) return undefined
  const words = said!.split('_')
  const type = (words.length === 1 ? [kind, ...words] : words).map(capitalised).join('')
  const found = { kind: kind as StreamKind, type, schemaVersion: Number(version) }
  return wireType(found.kind, type, found.schemaVersion) === wire ? found : undefined
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const prefix = 'incident-'

export const isOfIncident = (stream: string): boolean => stream.startsWith(prefix)

/** The id of the incident that a stream is of. */
export const incidentOf = (stream: string): string => stream.slice(prefix.length)

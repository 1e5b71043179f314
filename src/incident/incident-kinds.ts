export const incidentTypes = ['SERVICE', 'SECURITY'] as const
/** Service and security incidents differ in procedure. */
export type IncidentType = (typeof incidentTypes)[number]

export const incidentKinds = ['INCIDENT', 'NEAR_MISS'] as const
/** Whether it happened or only nearly did. */
export type IncidentKind = (typeof incidentKinds)[number]

export const effects = ['OUTAGE', 'DEGRADATION', 'QUALITY', 'SECURITY'] as const
/** What users notice. */
export type Effect = (typeof effects)[number]

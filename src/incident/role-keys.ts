export const roleKeys = [
  'INCIDENT_COMMANDER',
  'DEPUTY',
  'SCRIBE',
  'CUSTOMER_LIAISON',
  'INTERNAL_LIAISON',
  'SUBJECT_MATTER_EXPERT',
  'OBSERVER',
] as const
export type RoleKey = (typeof roleKeys)[number]

/** As a sentence calls a role. */
export const roleWords: Record<RoleKey, string> = {
  INCIDENT_COMMANDER: 'incident commander',
  DEPUTY: 'deputy',
  SCRIBE: 'scribe',
  CUSTOMER_LIAISON: 'customer liaison',
  INTERNAL_LIAISON: 'internal liaison',
  SUBJECT_MATTER_EXPERT: 'subject matter expert',
  OBSERVER: 'observer',
}

export const audiences = ['RESPONDERS', 'SUPPORT', 'EXECUTIVES', 'EMPLOYEES', 'CUSTOMERS'] as const
/** Who wants to know of an incident, the innermost first (domain rows 7 and 54). */
export type Audience = (typeof audiences)[number]

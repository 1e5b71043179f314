export const engagedFunctions = ['LEGAL', 'HR', 'SECURITY', 'PR', 'PRIVACY'] as const
/** Who outside the response is pulled in (domain row 9). */
export type EngagedFunction = (typeof engagedFunctions)[number]

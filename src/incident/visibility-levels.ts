export const visibilityLevels = ['INTERNAL', 'RESTRICTED'] as const
/** Everybody who may read incidents, or its members alone. */
export type VisibilityLevel = (typeof visibilityLevels)[number]

/** People are members, and keys that belong to nobody: those that belong to somebody act as them. */
export type MemberKind = 'USER' | 'API_KEY'

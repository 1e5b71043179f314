export const severityLevels = ['SEV1', 'SEV2', 'SEV3', 'SEV4', 'SEV5', 'UNDETERMINED'] as const
export type SeverityLevel = (typeof severityLevels)[number]

/** What cannot be decided is treated as the worst, so that nobody loses time arguing. */
export const effective = (level: SeverityLevel): Exclude<SeverityLevel, 'UNDETERMINED'> =>
  level === 'UNDETERMINED' ? 'SEV1' : level

/** 1 is the worst. */
export const rank = (level: SeverityLevel) => severityLevels.indexOf(effective(level)) + 1

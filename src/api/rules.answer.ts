import type { Directory } from '../commands/directory.js'
import type { Severity } from '../incident/severity.js'
import { type ScaleLevel, levelMeant } from '../incident/severity-scale.js'
import type { RotationPolicy, SeverityScale, SeverityScaleLevel } from '../schema.generated.js'

/** The scale of that version, else the one in force; null if there is none. */
export function scaleAnswer({ policy }: Directory, version?: number): SeverityScale | null {
  const { severityScales } = policy
  const scale =
    version === undefined
      ? severityScales.at(-1)
      : severityScales.find(scale => scale.version === version)
  return scale ? { version: scale.version, levels: scale.levels.map(levelAnswer) } : null
}

/** What the severity of an incident meant when it was set. */
export const severityMeaning = ({ level, scaleVersion }: Severity, { policy }: Directory) => {
  const meant = levelMeant(policy, level, scaleVersion)
  return meant ? levelAnswer(meant) : null
}

const levelAnswer = ({ criteria, policies, ...level }: ScaleLevel): SeverityScaleLevel => ({
  ...level,
  criteria: { ...criteria },
  policies: { ...policies, requiredRoles: [...policies.requiredRoles] },
})

export const rotationAnswer = ({ policy }: Directory): RotationPolicy => ({ ...policy.rotation })

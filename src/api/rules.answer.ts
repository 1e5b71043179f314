import type { Directory } from '../commands/directory.js'
import type { IncidentType } from '../incident/incident-kinds.js'
import { type TypeDefinition, usualVisibility } from '../incident/incident-type.js'
import { isFor } from '../incident/response-plan.js'
import { type SeverityLevel, effective } from '../incident/severity-levels.js'
import type { Severity } from '../incident/severity.js'
import { type ScaleLevel, levelMeant } from '../incident/severity-scale.js'
import type {
  IncidentTypeDefinition,
  RotationPolicy,
  RoutePreview,
  SeverityScale,
  SeverityScaleLevel,
} from '../schema.generated.js'
import { personAnswer } from './person.answer.js'
import { planAnswer, runbookAnswer } from './runbooks.answer.js'
import { settledKeys } from './settled-keys.js'

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

/** Where nobody has settled anything. */
const unsettled: TypeDefinition = { version: 0, route: [], functions: [] }

/** How incidents of a type are handled now. */
export function typeAnswer(type: IncidentType, directory: Directory): IncidentTypeDefinition {
  const { policy } = directory
  const {
    route,
    playbook,
    audiences = [],
    functions,
    ...rest
  } = policy.incidentTypes.get(type) ?? unsettled
  return {
    type,
    ...rest,
    route: route.map(({ people, afterMinutes }) => ({
      people: people.map(id => personAnswer(id, directory)),
      afterMinutes,
    })),
    playbook: playbook === undefined ? null : runbookAnswer(playbook, directory),
    visibility: usualVisibility(type, policy),
    audiences: [...audiences],
    functions: [...functions],
  }
}

/** What would happen to such an incident. */
export function previewAnswer(
  type: IncidentType,
  severity: SeverityLevel,
  directory: Directory,
): RoutePreview {
  const { policy } = directory
  const scaleVersion = policy.severityScales.at(-1)?.version
  const meant = levelMeant(policy, severity, scaleVersion)
  return {
    definition: typeAnswer(type, directory),
    effectiveSeverity: effective(severity),
    severityMeaning: meant ? levelAnswer(meant) : null,
    plans: settledKeys(policy.responsePlans, false)
      .filter(key => isFor(policy.responsePlans.get(key)!, { type, severity }))
      .map(key => planAnswer(key, directory)),
  }
}

import { IsInt, IsOptional, Max, Min } from 'class-validator'
import { DefinitionKey } from '../decider/bounds.js'
import { type Facet, type Recorded, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import {
  type Checklist,
  follows,
  inForce,
  playbookOf,
  requirePlaybook,
  requireRoomForAChecklist,
} from './checklist.js'
import type { Incident } from './incident.js'
import type { Runbook, RunbookStep } from './runbook.js'

/** By id, in the order in which they were taken up. */
export type Checklists = ReadonlyMap<string, Checklist>

const versionMax = 1_000_000
export class AttachRunbook {
  @DefinitionKey() key!: string
  @IsOptional() @IsInt() @Min(1) @Max(versionMax) version?: number
}
export class AdoptPlan {
  @DefinitionKey() key!: string
  @IsOptional() @IsInt() @Min(1) @Max(versionMax) version?: number
}
export class StartPlaybook {}
export interface ChecklistCommands {
  AttachRunbook: AttachRunbook
  AdoptPlan: AdoptPlan
  StartPlaybook: StartPlaybook
}
interface Taken {
  checklistId: string
  key: string
  version: number
  name: string
  inOrder: boolean
  steps: readonly RunbookStep[]
}
export interface ChecklistEvents {
  RunbookAttached: Taken & { playbook?: true }
  PlanAdopted: Taken
}

/** What was thought out before is followed as it was then: a version that comes later changes nothing here. */
export const checklists: Facet<Incident, Checklists, ChecklistCommands, ChecklistEvents> = {
  initial: new Map(),
  payloads: { AttachRunbook, AdoptPlan, StartPlaybook },
  may: {
    AttachRunbook: requireRoomForAChecklist,
    AdoptPlan: requireRoomForAChecklist,
    StartPlaybook: requirePlaybook,
  },
  after: {
    AttachRunbook: ({ declaration }) => declaration.declaredAt,
    AdoptPlan: ({ declaration }) => declaration.declaredAt,
    StartPlaybook: ({ declaration }) => declaration.declaredAt,
  },
  decide: {
    AttachRunbook(incident, command, { policy, newId }) {
      const { key } = command
      const runbook = inForce('RUNBOOK', policy.runbooks, command)
      if (follows(incident, ['RUNBOOK', 'PLAYBOOK'], { key, version: runbook.version })) return []
      return [{ type: 'RunbookAttached', data: taken(newId(), key, runbook) }]
    },
    AdoptPlan(incident, command, { policy, newId }) {
      const { key } = command
      const plan = inForce('PLAN', policy.responsePlans, command)
      if (follows(incident, ['PLAN'], { key, version: plan.version })) return []
      return [{ type: 'PlanAdopted', data: taken(newId(), key, plan) }]
    },
    StartPlaybook(incident, _, { policy, newId }) {
      const { key, runbook } = playbookOf(incident, policy)
      const data = { ...taken(newId(), key, runbook), playbook: true as const }
      return [{ type: 'RunbookAttached', data }]
    },
  },
  evolve: {
    RunbookAttached: (checklists, event) =>
      put(
        checklists,
        event.data.checklistId,
        followed(event.data.playbook ? 'PLAYBOOK' : 'RUNBOOK', event),
      ),
    PlanAdopted: (checklists, event) =>
      put(checklists, event.data.checklistId, followed('PLAN', event)),
  },
  narrate: {
    RunbookAttached: ({ data, actor }, name) =>
      fact(
        `${name(actor)} ${data.playbook ? 'began the playbook' : 'took up the runbook'} ${called(data)}`,
      ),
    PlanAdopted: ({ data, actor }, name) => fact(`${name(actor)} adopted the plan ${called(data)}`),
  },
  sensitive: {
    RunbookAttached: { checklistId: 'PLAIN', key: 'PLAIN', name: 'TEXT', steps: 'TEXT' },
    PlanAdopted: { checklistId: 'PLAIN', key: 'PLAIN', name: 'TEXT', steps: 'TEXT' },
  },
}

const taken = (
  checklistId: string,
  key: string,
  definition: Omit<Runbook, 'description'>,
): Taken => {
  const { version, name, inOrder, steps } = definition
  return { checklistId, key, version, name, inOrder, steps }
}

/** An erased list reads as a string: then there are no steps. */
const followed = (
  kind: Checklist['kind'],
  { data: { key, version, name, inOrder, steps }, actor: by, occurredAt: at }: Recorded<Taken>,
): Checklist => ({
  kind,
  key,
  version,
  name,
  inOrder,
  steps: Array.isArray(steps) ? steps : [],
  by,
  at,
})

const called = ({ name, version }: Taken) => `“${name}” (version ${version})`

import { IsIn, IsOptional } from 'class-validator'
import { DefinitionKey, Line, Prose, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import type { RunbookStep, Runbooks } from '../incident/runbook.js'
import type { Organisation } from './organisation.js'
import { RunbookStepInput, Steps, readableSteps, settledSteps } from './steps.js'
import { nextVersion } from './versions.js'

/** Retired ones count: nobody finds one among more. */
const runbooksMax = 200

export class DefineRunbook {
  static readonly nested = { steps: RunbookStepInput }
  @DefinitionKey() key!: string
  @Line(100) name!: string
  @IsOptional() @Prose(4000) description?: string
  @IsOptional() @IsIn([true, false]) inOrder?: boolean
  @Steps() steps!: RunbookStepInput[]
}
export class RetireRunbook {
  @DefinitionKey() key!: string
  @IsOptional() @Reason() reason?: string
}
export interface RunbookCommands {
  DefineRunbook: DefineRunbook
  RetireRunbook: RetireRunbook
}
export interface RunbookEvents {
  RunbookDefined: {
    key: string
    version: number
    name: string
    description?: string
    inOrder: boolean
    steps: readonly RunbookStep[]
  }
  RunbookRetired: { key: string; reason?: string }
}

export const runbooks: Facet<Organisation, Runbooks, RunbookCommands, RunbookEvents> = {
  initial: new Map(),
  payloads: { DefineRunbook, RetireRunbook },
  may: { DefineRunbook: () => {}, RetireRunbook: () => {} },
  after: { DefineRunbook: () => undefined, RetireRunbook: () => undefined },
  decide: {
    DefineRunbook({ runbooks }, { key, inOrder = false, steps, ...rest }) {
      const before = runbooks.get(key)
      if (!before && runbooks.size >= runbooksMax)
        throw new Rejected('LIMIT_REACHED', `At most ${runbooksMax} runbooks can be defined.`)
      const content = { ...rest, inOrder, steps: settledSteps(steps) }
      const version = nextVersion(before, content)
      if (version === undefined) return []
      return [{ type: 'RunbookDefined', data: { key, version, ...content } }]
    },
    RetireRunbook({ runbooks }, { key, reason }) {
      const runbook = runbooks.get(key)
      if (!runbook) throw new Rejected('UNKNOWN_RUNBOOK', 'No runbook has this key.', { key })
      if (runbook.retiredAt !== undefined) return []
      const data = { key, ...(reason !== undefined && { reason }) }
      return [{ type: 'RunbookRetired', data }]
    },
  },
  evolve: {
    RunbookDefined: (runbooks, { data: { key, steps, ...rest } }) =>
      put(runbooks, key, { ...rest, steps: readableSteps(steps) }),
    RunbookRetired(runbooks, { data: { key }, occurredAt: retiredAt }) {
      const runbook = runbooks.get(key)
      return runbook ? put(runbooks, key, { ...runbook, retiredAt }) : runbooks
    },
  },
  narrate: {
    RunbookDefined: ({ data, actor }, name) =>
      fact(
        `${name(actor)} defined version ${data.version} of the runbook “${data.name}” (${data.key})`,
      ),
    RunbookRetired: ({ data, actor }, name, { runbooks }) =>
      fact(
        `${name(actor)} retired the runbook “${runbooks.get(data.key)?.name ?? data.key}”${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    RunbookDefined: { key: 'PLAIN', name: 'TEXT', description: 'TEXT', steps: 'TEXT' },
    RunbookRetired: { key: 'PLAIN', reason: 'TEXT' },
  },
}

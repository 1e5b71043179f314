import { Prose, Reason } from '../decider/bounds.js'
import { type Actor, type Facet, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { engagedByDataLoss } from './engaging.js'
import type { FunctionEvents } from './functions.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'

/** What is gone or came into wrong hands, as far as anybody said (domain row 9). */
export interface DataLoss {
  readonly known?: { readonly text: string; readonly by: Actor; readonly at: string }
}

export class ReportDataLoss {
  @Prose(2000) text!: string
}
export class RuleOutDataLoss {
  @Reason() reason!: string
}
export interface DataLossCommands {
  ReportDataLoss: ReportDataLoss
  RuleOutDataLoss: RuleOutDataLoss
}
export interface DataLossEvents {
  DataLossReported: { text: string }
  DataLossRuledOut: { reason: string }
}

export const dataLoss: Facet<
  Incident,
  DataLoss,
  DataLossCommands,
  DataLossEvents,
  DataLossEvents & FunctionEvents
> = {
  initial: {},
  payloads: { ReportDataLoss, RuleOutDataLoss },
  may: {
    ReportDataLoss: requireNotDismissed,
    RuleOutDataLoss(incident) {
      requireNotDismissed(incident)
      return incident.dataLoss.known ? undefined : 'ALREADY_SO'
    },
  },
  after: {
    // What was lost may have been lost before anybody declared anything.
    ReportDataLoss: ({ dataLoss }) => dataLoss.known?.at,
    RuleOutDataLoss: ({ declaration, dataLoss }) =>
      latest(declaration.declaredAt, dataLoss.known?.at),
  },
  decide: {
    ReportDataLoss: (incident, { text }, context) =>
      incident.dataLoss.known?.text === text
        ? []
        : [{ type: 'DataLossReported', data: { text } }, ...engagedByDataLoss(incident, context)],
    RuleOutDataLoss: (_, { reason }) => [{ type: 'DataLossRuledOut', data: { reason } }],
  },
  evolve: {
    DataLossReported: (_, { data: { text }, actor: by, occurredAt: at }) => ({
      known: { text, by, at },
    }),
    DataLossRuledOut: () => ({}),
  },
  narrate: {
    DataLossReported: ({ data, actor }, name) =>
      fact(`${name(actor)} reported a loss of data: ${data.text}`),
    DataLossRuledOut: ({ data, actor }, name) =>
      fact(`${name(actor)} ruled a loss of data out: ${data.reason}`),
  },
  sensitive: { DataLossReported: { text: 'TEXT' }, DataLossRuledOut: { reason: 'TEXT' } },
}

import { type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'
import { LabelList, labelsMax, sortedLabels } from './label.js'

/** What the organisation sorts its incidents by: `customer:acme`, `false-alarm`. */
export interface Labels {
  /** Sorted. */
  readonly all: readonly string[]
  readonly changedAt: string
}

export class AddLabels {
  @LabelList() labels!: string[]
}
export class RemoveLabels {
  @LabelList() labels!: string[]
}
export interface LabelCommands {
  AddLabels: AddLabels
  RemoveLabels: RemoveLabels
}
export interface LabelEvents {
  LabelsAdded: { labels: readonly string[] }
  LabelsRemoved: { labels: readonly string[] }
}

const lastChanged = ({ declaration, labels }: Incident) =>
  latest(declaration.declaredAt, labels.changedAt)

export const labels: Facet<Incident, Labels, LabelCommands, LabelEvents> = {
  initial: { all: [], changedAt: '' },
  payloads: { AddLabels, RemoveLabels },
  may: { AddLabels: requireDeclared, RemoveLabels: requireDeclared },
  after: { AddLabels: lastChanged, RemoveLabels: lastChanged },
  decide: {
    AddLabels({ labels: { all } }, command) {
      const labels = sortedLabels(command.labels).filter(label => !all.includes(label))
      if (labels.length === 0) return []
      if (all.length + labels.length > labelsMax)
        throw new Rejected('LIMIT_REACHED', `An incident holds at most ${labelsMax} labels.`)
      return [{ type: 'LabelsAdded', data: { labels } }]
    },
    RemoveLabels({ labels: { all } }, command) {
      const labels = sortedLabels(command.labels).filter(label => all.includes(label))
      return labels.length === 0 ? [] : [{ type: 'LabelsRemoved', data: { labels } }]
    },
  },
  evolve: {
    LabelsAdded: ({ all }, { data, occurredAt: changedAt }) => ({
      all: sortedLabels([...all, ...readable(data.labels)]),
      changedAt,
    }),
    LabelsRemoved: ({ all }, { data, occurredAt: changedAt }) => ({
      all: all.filter(label => !readable(data.labels).includes(label)),
      changedAt,
    }),
  },
  narrate: {
    LabelsAdded: ({ data, actor }, name) => fact(`${name(actor)} added ${said(data.labels)}`),
    LabelsRemoved: ({ data, actor }, name) => fact(`${name(actor)} removed ${said(data.labels)}`),
  },
  sensitive: { LabelsAdded: { labels: 'TEXT' }, LabelsRemoved: { labels: 'TEXT' } },
}

/** An erased list reads as a string: then no label is known. */
const readable = (labels: readonly string[]) => (Array.isArray(labels) ? labels : [])

function said(labels: readonly string[]): string {
  const known = readable(labels).map(label => `“${label}”`)
  return known.length === 0
    ? 'labels'
    : `the label${known.length > 1 ? 's' : ''} ${known.join(', ')}`
}

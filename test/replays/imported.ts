import type { Events } from '../../src/incident/incident.js'
import type { StreamEvent } from '../../src/replays/incident-at.js'
import { severityLevels } from '../../src/incident/severity-levels.js'
import { id } from './story.js'

/** A file of `incident-ledger import`, as far as these tests read it. */
export interface Story {
  readonly title: string
  readonly type: 'SERVICE' | 'SECURITY'
  readonly facts: readonly Fact[]
}
export interface Fact {
  readonly at: string | null
  readonly until?: string
  readonly approximate?: boolean
  readonly recordedLater?: boolean
  readonly kind: string
  readonly actor?: string
  readonly text: string
  readonly component?: string
  readonly region?: string
  readonly quantity?: { readonly value: number; readonly unit: string }
  readonly severity?: string
  readonly evidence?: string
}

const recordedAt = '2026-06-01T09:00:00.000Z'
const neverFirst = ['CHANGE_DEPLOYED', 'IMPACT_STARTED', 'CONTRIBUTING_FACTOR']

/** The events that import makes of a file: each fact an observation, some also the command that it was. */
export function imported({ title, type, facts }: Story): StreamEvent[] {
  const events: StreamEvent[] = []
  const declared =
    facts.find(({ kind }) => kind === 'DECLARED') ??
    facts.find(fact => fact.at && !fact.recordedLater && !neverFirst.includes(fact.kind))!
  record('IncidentDeclared', timesOf(declared, facts), {
    reference: 'INC-7',
    title,
    type,
    mode: 'RETROSPECTIVE',
    status: 'ACTIVE',
  })
  record('SeveritySet', timesOf(declared, facts), { level: 'UNDETERMINED' })
  for (const fact of facts) {
    const when = timesOf(fact, facts)
    const cause = fact.kind === 'DECLARED' && fact === declared ? { causationId: id(0) } : {}
    const evidence = fact.evidence ? { evidence: [{ url: fact.evidence }] } : {}
    const observed = record(
      'ObservationRecorded',
      { ...when, ...(lasted(fact) && { occurredUntil: instant(fact.until!) }), ...cause },
      { text: words(fact), ...evidence },
    )
    const [type, data] = beside(fact) ?? []
    if (type) record(type, { ...when, causationId: observed.id }, data as never)
  }
  return events

  function record<Type extends keyof Events>(
    type: Type,
    extra: Partial<StreamEvent> & { occurredAt: string },
    data: Events[Type],
  ): StreamEvent {
    const revision = events.length
    events.push({
      id: id(revision),
      revision,
      type,
      schemaVersion: 1,
      data,
      recordedAt,
      actor: { type: 'SYSTEM', id: 'import' },
      mode: 'RETROSPECTIVE',
      ...extra,
    })
    return events.at(-1)!
  }
}

/** Of a promise or an estimate, `until` is when it was due. */
const lasted = ({ kind, until }: Fact) =>
  until !== undefined && ['CHANGE_DEPLOYED', 'IMPACT_STARTED'].includes(kind)
const instant = (at: string) => new Date(at).toISOString()

function timesOf(fact: Fact, facts: readonly Fact[]) {
  if (fact.at !== null)
    return {
      occurredAt: instant(fact.at),
      ...(fact.approximate && { timing: 'APPROXIMATE' as const }),
    }
  const place = facts.indexOf(fact)
  const near = facts.slice(0, place).findLast(({ at }) => at) ?? facts.slice(place).find(f => f.at)
  return { occurredAt: instant(near!.at!), timing: 'UNKNOWN' as const }
}

function words({ kind, actor, text, component, region, quantity }: Fact): string {
  const called = kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ')
  const where = [component, region].filter(Boolean).join(', ')
  const many = quantity ? ` (${quantity.value} ${quantity.unit})` : ''
  return `${called}${actor ? `, ${actor}` : ''}: ${text}${many}${where ? ` [${where}]` : ''}`
}

function beside({ kind, text, severity }: Fact) {
  const level = severityLevels.find(level => level === severity)
  if (kind === 'SEVERITY_SET' && level) return ['SeveritySet', { level, reason: text }] as const
  if (kind === 'MITIGATED') return ['IncidentMitigated', { summary: text }] as const
  if (kind === 'RESOLVED') return ['IncidentResolved', { summary: text }] as const
  if (kind === 'REOPENED') return ['IncidentReopened', { reason: text }] as const
  return undefined
}

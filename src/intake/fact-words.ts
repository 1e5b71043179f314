import { spoken } from '../decider/instants.js'
import type { Fact } from './incident-file.js'

/** Kinds whose `until` is when they were due, not when they ended. */
const dueKinds: ReadonlySet<string> = new Set(['UPDATE_PROMISED', 'ACTION_ITEM'])

export const isDue = ({ kind }: Fact) => dueKinds.has(kind)

/** A fact in words, with everything it says but its times and its evidence. */
export function wordsOf(fact: Fact): string {
  const { kind, actor, component, region, quantity, severity, until, text } = fact
  const words = kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ')
  const where = [component, region].filter(Boolean).join(', ')
  const more = [
    quantity && `${quantity.value} ${quantity.unit}`,
    severity && `severity ${severity}`,
    until && isDue(fact) && `due ${spoken(new Date(until).toISOString())}`,
    fact.recordedLater && 'learned later',
  ].filter(Boolean)
  return [
    words,
    actor && ` by ${actor}`,
    where && ` (${where})`,
    `: ${text}`,
    more.length > 0 && ` (${more.join('; ')})`,
  ]
    .filter(Boolean)
    .join('')
}

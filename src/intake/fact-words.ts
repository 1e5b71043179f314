import { spoken } from '../decider/instants.js'
import type { Fact } from './incident-file.js'

/** Kinds whose `until` is when they were due, not when they ended. */
const dueKinds: ReadonlySet<string> = new Set(['UPDATE_PROMISED', 'ACTION_ITEM'])

export const isDue = ({ kind }: Fact) => dueKinds.has(kind)

/** A fact in words, with everything it says but whom it names, its times and its evidence. */
export function wordsOf(fact: Fact): string {
  const { kind, component, region } = fact
  const words = kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ')
  const where = [component, region].filter(Boolean).join(', ')
  return `${words}${where && ` (${where})`}: ${fact.text}${more(fact)}`
}

/** The same without its kind, for a command that says that itself. */
export function detailed(fact: Fact): string {
  const { component, region, text } = fact
  return `${text}${more(fact, component, region)}`
}

function more(fact: Fact, ...first: (string | undefined)[]): string {
  const { quantity, severity, phase, until } = fact
  const said = [
    ...first,
    quantity && `${quantity.value} ${quantity.unit}`,
    severity && `severity ${severity}`,
    phase && `phase ${phase}`,
    until && isDue(fact) && `due ${spoken(new Date(until).toISOString())}`,
    fact.recordedLater && 'learned later',
  ].filter(Boolean)
  return said.length > 0 ? ` (${said.join('; ')})` : ''
}

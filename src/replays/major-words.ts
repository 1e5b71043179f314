import { isMajor } from '../incident/major.js'
import type { Background } from './postmortem-facts.js'
import { times } from './said-times.js'

/** How its size was judged: as a near miss, as a major incident. */
export function majorSaid({ incident, events }: Background): string | null {
  const said = [
    events.some(({ type }) => type === 'NearMissEscalated') &&
      'It was taken for a near miss at first.',
    incident.major.length > 0 &&
      `It was declared a major incident${incident.major.length > 1 ? ` ${times(incident.major.length)}` : ''}${isMajor(incident) ? '' : ' and stood down'}.`,
  ]
  return said.filter(Boolean).join(' ') || null
}

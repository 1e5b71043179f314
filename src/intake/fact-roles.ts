import type { RoleKey } from '../incident/role-keys.js'
import type { Fact } from './incident-file.js'

/** How accounts call the roles, in the singular: who is called so in the plural is several, and holds none. */
const words: readonly (readonly [RegExp, RoleKey])[] = [
  [/\bdeputy\b/i, 'DEPUTY'],
  [/\bscribe\b/i, 'SCRIBE'],
  [/\b(customer|external|support)s? (liaison|lead)\b/i, 'CUSTOMER_LIAISON'],
  [/\b(communications?|comms|internal) (liaison|lead|manager)\b/i, 'INTERNAL_LIAISON'],
  [
    /\bincident (commander|coordinator|manager|lead|leader)\b|^(commander|coordinator)$/i,
    'INCIDENT_COMMANDER',
  ],
]
const handsOver = /\b(hand(s|ed|ing)?|tak(e|es|en|ing)|took)\b.*\bover\b|\bhand-?(off|over)\b/i

/** The role that this fact gives to whom it names, if it names one; by their name, else by its words. */
export function roleTaken({ kind, actor, text }: Fact): RoleKey | undefined {
  if (kind === 'ROLE_TAKEN') return roleIn(actor) ?? roleIn(text)
  if (kind !== 'HANDOFF') return undefined
  // Shifts and streams are handed over too: command is only if it is said.
  return roleIn(actor) ?? (handsOver.test(text) ? roleIn(text) : undefined)
}

const roleIn = (said: string | undefined) =>
  said === undefined ? undefined : words.find(([called]) => called.test(said))?.[1]

import { PersonRef, Prose } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { requireRunning } from './guards.js'
import type { Incident } from './incident.js'

/** What somebody told the response to do who does not command it; the review takes it up (domain row 33). */
export interface Instruction {
  readonly eventId: string
  readonly from: string
  readonly text: string
  readonly by: Actor
  readonly at: string
}
export type Instructions = readonly Instruction[]

/** More than a review can take up. */
const instructionsMax = 100

export class DeferInstruction {
  @PersonRef() from!: string
  @Prose(2000) text!: string
}
export interface InstructionCommands {
  DeferInstruction: DeferInstruction
}
export interface InstructionEvents {
  InstructionDeferred: { from: string; text: string }
}

/** Whoever wants their instruction followed takes command, openly; else it waits, and is not lost. */
export const instructions: Facet<Incident, Instructions, InstructionCommands, InstructionEvents> = {
  initial: [],
  payloads: { DeferInstruction },
  may: { DeferInstruction: requireRoomForAnInstruction },
  after: { DeferInstruction: ({ declaration }) => declaration.declaredAt },
  decide: {
    DeferInstruction({ instructions }, { text, ...command }, { person }) {
      const from = person(command.from)
      if (instructions.some(one => one.from === from && one.text === text)) return []
      return [{ type: 'InstructionDeferred', data: { from, text } }]
    },
  },
  evolve: {
    InstructionDeferred: (instructions, { id: eventId, actor: by, occurredAt: at, data }) => [
      ...instructions,
      { eventId, ...data, by, at },
    ],
  },
  narrate: {
    InstructionDeferred: ({ data, actor }, name) =>
      fact(
        `${name(actor)} deferred to the review what ${name(data.from)} instructed: ${data.text}`,
      ),
  },
  sensitive: { InstructionDeferred: { from: 'PERSON', text: 'TEXT' } },
}

function requireRoomForAnInstruction(incident: Incident): void {
  requireRunning(incident)
  if (incident.instructions.length >= instructionsMax)
    throw new Rejected('LIMIT_REACHED', `At most ${instructionsMax} instructions can be deferred.`)
}

import { IsIn, IsOptional } from 'class-validator'
import { Instant, Prose } from '../decider/bounds.js'
import { type Actor, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest, spoken } from '../decider/instants.js'
import { isRunning, requireRunning } from './guards.js'
import type { Incident } from './incident.js'

export const verificationResults = ['HOLDING', 'NOT_HOLDING', 'UNCLEAR'] as const
export type VerificationResult = (typeof verificationResults)[number]

/** Size up, stabilise, update, verify, and again (domain row 43). */
export interface Cycle {
  /** How often it was begun: by a size-up that is the first, or follows a verification. */
  readonly number: number
  readonly sizeUps: readonly SizeUp[]
  readonly verifications: readonly Verification[]
}
export interface SizeUp {
  readonly eventId: string
  readonly cycle: number
  readonly situation: string
  readonly impact?: string
  readonly nextUpdateBy?: string
  readonly by: Actor
  readonly at: string
}
export interface Verification {
  readonly eventId: string
  readonly cycle: number
  readonly result: VerificationResult
  readonly finding: string
  readonly by: Actor
  readonly at: string
}

/** Of each; a response of a week that looks again every twenty minutes. */
const recordedMax = 500

export class RecordSizeUp {
  @Prose(4000) situation!: string
  @IsOptional() @Prose(2000) impact?: string
  @IsOptional() @Instant() nextUpdateBy?: string
}
export class RecordVerification {
  @IsIn(verificationResults) result!: VerificationResult
  @Prose(4000) finding!: string
}
export interface CycleCommands {
  RecordSizeUp: RecordSizeUp
  RecordVerification: RecordVerification
}
export interface CycleEvents {
  SizeUpRecorded: { situation: string; impact?: string; nextUpdateBy?: string }
  VerificationRecorded: { result: VerificationResult; finding: string }
}

/** What comes after the last of the same: the rounds of a cycle follow one another. */
const lastRecorded = ({ declaration, cycle }: Incident) =>
  latest(declaration.declaredAt, cycle.sizeUps.at(-1)?.at, cycle.verifications.at(-1)?.at)

export const cycle: Facet<Incident, Cycle, CycleCommands, CycleEvents> = {
  initial: { number: 0, sizeUps: [], verifications: [] },
  payloads: { RecordSizeUp, RecordVerification },
  may: {
    RecordSizeUp: requireRoom('sizeUps'),
    RecordVerification: requireRoom('verifications'),
  },
  after: { RecordSizeUp: lastRecorded, RecordVerification: lastRecorded },
  decide: {
    RecordSizeUp(_, { situation, impact, nextUpdateBy }, { now }) {
      if (nextUpdateBy !== undefined && nextUpdateBy <= now)
        throw new Rejected('INVALID_INPUT', 'The next update comes after this one.', {
          fields: ['nextUpdateBy'],
        })
      const rest = {
        ...(impact !== undefined && { impact }),
        ...(nextUpdateBy && { nextUpdateBy }),
      }
      return [{ type: 'SizeUpRecorded', data: { situation, ...rest } }]
    },
    RecordVerification: (_, { result, finding }) => [
      { type: 'VerificationRecorded', data: { result, finding } },
    ],
  },
  evolve: {
    SizeUpRecorded(cycle, { id: eventId, data, actor: by, occurredAt: at }) {
      const number = isBegun(cycle) ? cycle.number : cycle.number + 1
      const sizeUps = [...cycle.sizeUps, { eventId, cycle: number, ...data, by, at }]
      return { ...cycle, number, sizeUps }
    },
    VerificationRecorded: (cycle, { id: eventId, data, actor: by, occurredAt: at }) => ({
      ...cycle,
      verifications: [...cycle.verifications, { eventId, cycle: cycle.number, ...data, by, at }],
    }),
  },
  narrate: {
    SizeUpRecorded: ({ data, actor }, name) =>
      fact(
        `${name(actor)} sized up: ${data.situation}${data.impact ? `; impact: ${data.impact}` : ''}${
          data.nextUpdateBy ? `; next update by ${spoken(data.nextUpdateBy)}` : ''
        }`,
      ),
    VerificationRecorded: ({ data, actor }, name) =>
      fact(`${name(actor)} ${resultWords[data.result]}: ${data.finding}`),
  },
  sensitive: {
    SizeUpRecorded: { situation: 'TEXT', impact: 'TEXT', nextUpdateBy: 'PLAIN' },
    VerificationRecorded: { finding: 'TEXT' },
  },
}

const resultWords: Record<VerificationResult, string> = {
  HOLDING: 'verified that it holds',
  NOT_HOLDING: 'found that it does not hold',
  UNCLEAR: 'could not tell whether it holds',
}

/** Whether the cycle was sized up and is still to be verified. */
const isBegun = ({ number, verifications }: Cycle) =>
  number > 0 && verifications.at(-1)?.cycle !== number

/** When the response said it would say more; undefined if it did not, or is over. */
export const nextUpdateDue = (incident: Incident): string | undefined =>
  isRunning(incident) ? incident.cycle.sizeUps.at(-1)?.nextUpdateBy : undefined

function requireRoom(of: 'sizeUps' | 'verifications') {
  return (incident: Incident): void => {
    requireRunning(incident)
    if (incident.cycle[of].length >= recordedMax)
      throw new Rejected('LIMIT_REACHED', `An incident holds at most ${recordedMax} of these.`)
  }
}

import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  Max,
  Min,
  ValidateNested,
} from 'class-validator'
import { PersonRefs } from '../decider/bounds.js'
import type { EscalationTier } from '../incident/service-owner.js'
import { knownPeople } from './known-person.js'
import type { Organisation } from './organisation.js'

/** Who has not answered by then will not be found along a list. */
const tiersMax = 20
const peopleMax = 50
/** A day. */
const afterMinutesMax = 1_440

/** One stage of an escalation, as it is settled. */
export class EscalationTierInput {
  @PersonRefs(peopleMax) @ArrayMinSize(1) people!: string[]
  @IsInt() @Min(0) @Max(afterMinutesMax) afterMinutes!: number
}

/** Some of them, in their order. */
export const EscalationTiers = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMaxSize(tiersMax)(target, field)
  ValidateNested()(target, field)
}

/** As they are stored; throws `Rejected` (UNKNOWN_PERSON, GROUP_ASSIGNEE). */
export const settledTiers = (
  organisation: Organisation,
  tiers: readonly EscalationTierInput[],
): EscalationTier[] =>
  tiers.map(({ people, afterMinutes }) => ({
    people: knownPeople(organisation, people),
    afterMinutes,
  }))

/** An erased list reads as a string: then there are none. */
export const readableTiers = (tiers: readonly EscalationTier[]): readonly EscalationTier[] =>
  Array.isArray(tiers) ? tiers : []

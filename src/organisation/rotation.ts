import { IsInt, Max, Min } from 'class-validator'
import { type Facet, fact } from '../decider/facet.js'
import { type RotationPolicy, usualRotation } from '../incident/rotation-policy.js'
import type { Organisation } from './organisation.js'

/** Less than this, and nobody would do anything but hand over. */
const minutesMin = 15
const minutesMax = 1440

export class SetRotationPolicy {
  @IsInt() @Min(minutesMin) @Max(minutesMax) maxMinutes!: number
}
export interface RotationPolicyCommands {
  SetRotationPolicy: SetRotationPolicy
}
export interface RotationPolicyEvents {
  RotationPolicySet: { maxMinutes: number }
}

export const rotation: Facet<
  Organisation,
  RotationPolicy,
  RotationPolicyCommands,
  RotationPolicyEvents
> = {
  initial: usualRotation,
  payloads: { SetRotationPolicy },
  may: { SetRotationPolicy: () => {} },
  after: { SetRotationPolicy: () => undefined },
  decide: {
    SetRotationPolicy: ({ rotation }, { maxMinutes }) =>
      maxMinutes === rotation.maxMinutes
        ? []
        : [{ type: 'RotationPolicySet', data: { maxMinutes } }],
  },
  evolve: { RotationPolicySet: (_, { data: { maxMinutes } }) => ({ maxMinutes }) },
  narrate: {
    RotationPolicySet: ({ data, actor }, name) =>
      fact(`${name(actor)} said that nobody is to be on for more than ${data.maxMinutes} minutes`),
  },
  sensitive: { RotationPolicySet: {} },
}

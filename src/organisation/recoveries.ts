import { type Facet, fact } from '../decider/facet.js'
import type { Organisation } from './organisation.js'

/** How often the log was recovered with a loss. */
export type Recoveries = number

/** The end of a stream that the log does not hold any more. */
export interface LostEnd {
  readonly stream: string
  /** The first that is lost: another event may stand there since. */
  readonly revision: number
  /** How many are known to have been there; there may have been more. */
  readonly events: number
}
/** What was done with a damaged log. */
export interface Recovery {
  /** What was found first, in words. */
  readonly what: string
  /** Events. */
  readonly kept: number
  /** Acknowledged events that are not there any more, wherever they were. */
  readonly lost: number
  /** Streams that are known to have lost their end: the first 1,000 of them. */
  readonly ends: readonly LostEnd[]
  readonly endsInAll: number
}
export interface RecoveryDuties {
  RecordRecovery: Recovery
}
export interface RecoveryEvents {
  LedgerRecovered: Recovery
}

/** More would not fit into an event; what is set aside has them all. */
export const endsMax = 1_000

/** That history was lost is history too: no client can send this, `recover` records it. */
export const recoveries: Facet<
  Organisation,
  Recoveries,
  {},
  RecoveryEvents,
  RecoveryEvents,
  RecoveryDuties
> = {
  initial: 0,
  payloads: {},
  may: { RecordRecovery: () => {} },
  after: { RecordRecovery: () => undefined },
  decide: {
    RecordRecovery: (_, { ends, ...recovery }) => [
      { type: 'LedgerRecovered', data: { ...recovery, ends: ends.slice(0, endsMax) } },
    ],
  },
  evolve: { LedgerRecovered: recoveries => recoveries + 1 },
  narrate: {
    LedgerRecovered: ({ data, actor }, name) =>
      fact(
        `${name(actor)} recovered the damaged log: ${data.kept} events kept, ${data.lost} lost for good, in ${data.endsInAll} streams that are known`,
      ),
  },
  sensitive: { LedgerRecovered: { what: 'PLAIN', ends: 'PLAIN' } },
}

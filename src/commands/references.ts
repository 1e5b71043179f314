import type { EventStore } from '../event-store/event-store.js'
import type { Asked } from './asked.js'
import { Streams } from './streams.js'
import type { Subject, Surroundings } from './subject.js'

const stream = 'reference'

interface AllotReference {
  readonly type: 'AllotReference'
  readonly data: { readonly incidentId: string }
}

/** The ledger's own stream of numbers: each event is one, given away once. */
const subject: Subject<null, AllotReference> = {
  initial: null,
  decide: (_, { data }, { clock }) => ({
    events: [{ type: 'ReferenceAllotted', data }],
    occurredAt: clock,
  }),
  evolve: () => null,
  knows: ({ type }) => type === 'ReferenceAllotted',
  modeOf: () => 'LIVE',
  wireType: ({ type }) => type,
  namesEntries: false,
  eventsMax: () => Infinity,
}

/** Gives each new incident the next number. Gaps are allowed and mean nothing. */
export class References {
  readonly #streams: Streams<null, AllotReference>

  constructor(store: EventStore, surroundings: Surroundings) {
    this.#streams = new Streams(store, subject, {
      ...surroundings,
      policyRevision: () => undefined,
    })
  }

  async allot(incidentId: string, { actor, correlationId }: Asked): Promise<string> {
    const command: AllotReference = { type: 'AllotReference', data: { incidentId } }
    const { revision } = await this.#streams.execute(stream, command, { actor, correlationId })
    return `INC-${revision + 1}`
  }
}

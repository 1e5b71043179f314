import type { EventStore } from '../event-store/event-store.js'
import { nothingSettled } from '../incident/policy.js'
import type { Recovery } from '../organisation/recoveries.js'
import { newCorrelationId } from './attempt.js'
import { organisationStream } from './directory.js'
import { OrganisationStreams } from './handle-organisation.js'
import { organisationSubject } from './organisation-subject.js'
import { References } from './references.js'

/**
 * Records in a log that was recovered what was lost, and passes over the numbers up to `lastNumber`,
 * which incidents may have had. Rejects with what the store rejects with, and with
 * `Rejected('NEWER_VERSION')` where a newer version wrote.
 */
export async function recordRecovery(
  store: EventStore,
  clock: () => string,
  recovery: Recovery,
  lastNumber: number,
): Promise<void> {
  const asked = {
    actor: { type: 'SYSTEM', id: 'command-line' },
    correlationId: newCorrelationId(),
  } as const
  const asIs = (id: string) => id
  const surroundings = {
    clock,
    person: asIs,
    called: () => [],
    key: asIs,
    policy: () => nothingSettled,
    policyRevision: () => undefined,
  }
  const streams = new OrganisationStreams(store, organisationSubject, surroundings)
  await streams.execute(organisationStream, { type: 'RecordRecovery', data: recovery }, asked)
  await new References(store, clock).passOver(lastNumber, asked)
}

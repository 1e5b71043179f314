import { firstStart } from './auth/first-start.js'
import { Joining, type Patience } from './auth/joining.js'
import { Clock } from './clock.js'
import { AccessLog } from './commands/access-log.js'
import { Directory } from './commands/directory.js'
import { HandleIncidentHandler, IncidentStreams } from './commands/handle-incident.js'
import { HandleOrganisationHandler, OrganisationStreams } from './commands/handle-organisation.js'
import { incidentSubject } from './commands/incident-subject.js'
import { organisationSubject } from './commands/organisation-subject.js'
import { References } from './commands/references.js'
import type { Surroundings } from './commands/subject.js'
import type { Config } from './config.js'
import { EventStore } from './event-store/event-store.js'
import { OperatedStore } from './event-store/operated-store.js'
import { nothingSettled } from './incident/policy.js'
import { Importer } from './intake/importer.js'

/** What decides and records; the directory is empty until the administrator is registered. */
export const writing = ({ data }: Config, patience: Patience) => [
  {
    provide: OrganisationStreams,
    useFactory: (store: EventStore, clock: Clock) =>
      new OrganisationStreams(store, organisationSubject, {
        clock: clock.now,
        person: id => id,
        called: () => [],
        key: id => id,
        policy: () => nothingSettled,
        policyRevision: () => undefined,
      }),
    inject: [EventStore, Clock],
  },
  {
    provide: Directory,
    useFactory: (store: OperatedStore) => {
      const directory = new Directory(store)
      // What cannot be read now is read when the store is heard of again.
      store.watchOthers(() => void directory.refresh().catch(() => {}))
      return directory
    },
    inject: [OperatedStore],
  },
  {
    provide: Joining,
    useFactory: async (
      store: OperatedStore,
      streams: OrganisationStreams,
      directory: Directory,
    ) => {
      const joining = new Joining(store, async () => {
        await directory.refresh()
        await firstStart(data, streams, directory)
      })
      try {
        await joining.start(patience)
        return joining
      } catch (error) {
        // Nobody else will: a module that could not be put together is not shut down.
        await store.close()
        throw error
      }
    },
    inject: [OperatedStore, OrganisationStreams, Directory],
  },
  {
    provide: AccessLog,
    useFactory: (store: EventStore, clock: Clock) => new AccessLog(store, clock.now),
    inject: [EventStore, Clock],
  },
  {
    provide: References,
    useFactory: (store: EventStore, clock: Clock) => new References(store, clock.now),
    inject: [EventStore, Clock],
  },
  {
    provide: IncidentStreams,
    useFactory: (store: EventStore, clock: Clock, directory: Directory) =>
      new IncidentStreams(store, incidentSubject, surroundings(clock, directory)),
    inject: [EventStore, Clock, Directory],
  },
  {
    provide: Importer,
    useFactory: (
      streams: IncidentStreams,
      references: References,
      organisation: OrganisationStreams,
      directory: Directory,
      clock: Clock,
    ) => new Importer(streams, references, organisation, directory, clock.now),
    inject: [IncidentStreams, References, OrganisationStreams, Directory, Clock],
  },
  HandleIncidentHandler,
  HandleOrganisationHandler,
]

const surroundings = (clock: Clock, directory: Directory): Surroundings => ({
  clock: clock.now,
  called: directory.called,
  person: directory.person,
  key: directory.key,
  policy: () => directory.policy,
  policyRevision: () => directory.revision,
})

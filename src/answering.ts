import { AccessResolver } from './api/access.resolver.js'
import { Incidents } from './api/asked-incident.js'
import { AtLeast } from './api/at-least.js'
import { DifferenceResolver } from './api/difference.resolver.js'
import { EventsResolver } from './api/events.resolver.js'
import { GroupsResolver } from './api/groups.resolver.js'
import { IncidentResolver } from './api/incident.resolver.js'
import { OpenWorkResolver } from './api/open-work.resolver.js'
import { OrganisationResolver } from './api/organisation.resolver.js'
import { QualificationsResolver } from './api/qualifications.resolver.js'
import { ServicesResolver } from './api/services.resolver.js'
import { Sight } from './api/sight.js'
import { RulesResolver } from './api/rules.resolver.js'
import { RunbooksResolver } from './api/runbooks.resolver.js'
import { SearchResolver } from './api/search.resolver.js'
import { TasksResolver } from './api/tasks.resolver.js'
import { UndecidedResolver } from './api/undecided.resolver.js'
import { Clock } from './clock.js'
import type { Config } from './config.js'
import { Directory } from './commands/directory.js'
import { EventStore } from './event-store/event-store.js'
import { Views } from './views/views.js'

/** What answers queries; none of it has the store but through `Sight`, which knows who asks. */
export const answering = ({ limits: { operationMs } }: Config) => [
  {
    provide: Incidents,
    useFactory: (store: EventStore, directory: Directory, views: Views, clock: Clock) =>
      new Incidents(store, directory, views, clock.now, operationMs),
    inject: [EventStore, Directory, Views, Clock],
  },
  Sight,
  AtLeast,
  AccessResolver,
  IncidentResolver,
  TasksResolver,
  UndecidedResolver,
  OpenWorkResolver,
  SearchResolver,
  EventsResolver,
  DifferenceResolver,
  OrganisationResolver,
  RulesResolver,
  RunbooksResolver,
  GroupsResolver,
  QualificationsResolver,
  ServicesResolver,
]

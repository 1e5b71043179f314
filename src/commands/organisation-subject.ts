import {
  type Organisation,
  type OrganisationCommand,
  type OrganisationDuty,
  type OrganisationEvent,
  organisations,
} from '../organisation/organisation.js'
import { wireType } from '../replays/wire-type.js'
import type { Subject } from './subject.js'

/** The one stream of what is settled beforehand. */
export const organisationSubject: Subject<Organisation, OrganisationCommand | OrganisationDuty> = {
  initial: organisations.initial,
  decide: organisations.decide,
  admit: () => {},
  evolve: (state, event) => organisations.evolve(state, event as unknown as OrganisationEvent),
  knows: organisations.knows,
  modeOf: () => 'LIVE',
  wireType: ({ type, schemaVersion }) => wireType('organisation', type, schemaVersion),
  namesEntries: false,
  eventsMax: () => 1_000_000,
}

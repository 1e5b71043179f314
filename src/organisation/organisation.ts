import { type CommandsOf, type EventsOf, decider } from '../decider/decider.js'
import type { MessagesOf, RecordedOf } from '../decider/facet.js'
import { type CustomFields, customFields } from './custom-fields.js'
import { type ApiKeys, keys } from './keys.js'
import { type People, people } from './people.js'

/** What is settled before an incident: one stream for the whole ledger. */
export interface Organisation {
  readonly people: People
  readonly keys: ApiKeys
  readonly customFields: CustomFields
}

const facets = { people, keys, customFields }

export type OrganisationCommands = CommandsOf<typeof facets>
export type OrganisationEvents = EventsOf<typeof facets>
export type OrganisationCommand = MessagesOf<OrganisationCommands>
export type OrganisationEvent = RecordedOf<OrganisationEvents>

export const organisations = decider<Organisation, typeof facets>(facets)

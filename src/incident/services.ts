import { type Facet, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import { ServiceKeys, sorted } from './service-keys.js'

/** What is affected, by the keys that the organisation uses for its services; sorted. */
export interface Services {
  readonly keys: readonly string[]
  readonly setAt: string
}

export class SetServices {
  @ServiceKeys() services!: string[]
}
export interface ServicesCommands {
  SetServices: SetServices
}
export interface ServicesEvents {
  ServicesSet: { services: readonly string[] }
}

export const services: Facet<Incident, Services, ServicesCommands, ServicesEvents> = {
  initial: { keys: [], setAt: '' },
  payloads: { SetServices },
  may: { SetServices: requireNotDismissed },
  after: {
    SetServices: ({ declaration, services }) => latest(declaration.declaredAt, services.setAt),
  },
  decide: {
    SetServices(incident, command) {
      const services = sorted(command.services)
      return services.join() === incident.services.keys.join()
        ? []
        : [{ type: 'ServicesSet', data: { services } }]
    },
  },
  evolve: {
    ServicesSet: (_, { data, occurredAt }) => ({ keys: data.services, setAt: occurredAt }),
  },
  narrate: {
    ServicesSet: ({ data, actor }, name) =>
      fact(
        data.services.length === 0
          ? `${name(actor)} said that no service is affected`
          : `${name(actor)} named the services affected: ${data.services.join(', ')}`,
      ),
  },
  sensitive: { ServicesSet: { services: 'PLAIN' } },
}

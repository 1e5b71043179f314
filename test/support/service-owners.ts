import type { ServiceOwner, ServiceOwners } from '../../src/incident/service-owner.js'

/** Who looks after a service, without anything that a test does not say. */
export const owned = (
  owners: readonly string[],
  rest: Partial<ServiceOwner> = {},
): ServiceOwner => ({ name: 'A service', owners, contacts: [], escalation: [], ...rest })

/** With a path of three tiers, with two owners, with nobody, and retired. */
export const serviceOwners: ServiceOwners = new Map([
  [
    'api',
    owned(['bob'], {
      escalation: [
        { people: ['bob'], afterMinutes: 0 },
        { people: ['carol'], afterMinutes: 10 },
        { people: ['alice', 'bob'], afterMinutes: 20 },
      ],
    }),
  ],
  ['__proto__', owned(['alice', 'bob'])],
  ['nobodys', owned([])],
  ['gone', owned(['bob'], { retiredAt: '2025-01-01T00:00:00.000Z' })],
])

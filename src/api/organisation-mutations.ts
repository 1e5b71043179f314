import type { CommandBus } from '@nestjs/cqrs'
import { newApiKey } from '../auth/api-key.js'
import type { Principal } from '../auth/principal.js'
import { toWire } from '../auth/scopes.js'
import type { Directory } from '../commands/directory.js'
import { HandleOrganisation } from '../commands/handle-organisation.js'
import { payload } from '../commands/payload.js'
import type { Taken } from '../commands/streams.js'
import { type Made, Rejected } from '../decider/facet.js'
import type { RoleKey } from '../incident/role-keys.js'
import type { IncidentType } from '../incident/incident-kinds.js'
import {
  type Organisation,
  type OrganisationCommand,
  organisations,
} from '../organisation/organisation.js'
import type { CommandOptions, CreateApiKeyInput } from '../schema.generated.js'
import { askedBy } from './asked.js'
import { cursorOf } from './cursor.js'
import { eventAnswer } from './event.answer.js'
import { groupAnswer } from './groups.answer.js'
import { apiKeyAnswer, customFieldAnswer, templateAnswer } from './organisation.answer.js'
import { personAnswer } from './person.answer.js'
import type { OperationContext } from './pipeline.js'
import { rotationAnswer, scaleAnswer, typeAnswer } from './rules.answer.js'
import { planAnswer, runbookAnswer } from './runbooks.answer.js'
import { qualificationAnswer } from './qualification.answer.js'
import { roleDefinitionAnswer } from './role-definition.answer.js'
import { serviceAnswer } from './service.answer.js'

interface Args {
  readonly input: object
  readonly options?: CommandOptions | null
}
/** By what a command or its event names its subject. */
interface Named {
  readonly type: IncidentType
  readonly personId: string
  readonly keyId: string
  readonly key: string
  readonly handle: string
  readonly role: RoleKey
  readonly person: string
  readonly service: string
}

/** The mutations of the organisation are its commands, as those of incidents are theirs. */
export const organisationMutations = (bus: CommandBus, directory: Directory) =>
  Object.fromEntries(
    Object.entries<new () => object>(organisations.payloads).map(([type, Payload]) => [
      type[0]!.toLowerCase() + type.slice(1),
      async (_: unknown, { input, options }: Args, context: OperationContext) => {
        const { secret, made, wire } = prepared(type, input, context.principal)
        const command = { type, data: payload(Payload, wire) } as OrganisationCommand
        const taken = await bus.execute(
          new HandleOrganisation(command, askedBy(context, options), made),
        )
        const named = { ...input, ...taken.events[0]?.data } as Named
        return {
          ...receipt(taken, directory),
          person: () => personAnswer(named.personId, directory),
          group: () => groupAnswer(named.handle, directory),
          roleDefinition: () => roleDefinitionAnswer(named.role, directory.policy),
          service: () =>
            serviceAnswer(
              named.service,
              directory.policy.serviceOwners.get(named.service)!,
              directory,
            ),
          qualification: () => qualificationAnswer(named.person, named.role, directory),
          key: () => apiKeyAnswer(named.keyId, directory),
          /** A repeat is answered with the key that was made at first, whose secret is not known. */
          secret: named.keyId === made.keyId ? secret : null,
          incidentTemplate: () => templateAnswer(named.key, directory),
          customField: () => customFieldAnswer(named.key, directory),
          incidentType: () => typeAnswer(named.type, directory),
          severityScale: () => scaleAnswer(directory),
          rotationPolicy: () => rotationAnswer(directory),
          runbook: () => runbookAnswer(named.key, directory),
          responsePlan: () => planAnswer(named.key, directory),
        }
      },
    ]),
  )

interface Prepared {
  readonly wire: object
  readonly made: Made
  readonly secret: string | null
}

/** A new key is made here, and can do no more than who makes it. */
function prepared(type: string, input: object, principal: Principal): Prepared {
  if (type !== 'CreateApiKey') return { wire: input, made: {}, secret: null }
  const { scopes } = input as CreateApiKeyInput
  const missing = scopes.find(scope => !principal.scopes.has(scope))
  if (missing)
    throw new Rejected('SCOPE_MISSING', 'A key cannot be given what you may not do.', {
      needs: missing,
    })
  const { secret, ...made } = newApiKey()
  return { wire: { ...input, scopes: scopes.map(toWire) }, made, secret }
}

function receipt({ events, revision }: Taken<Organisation>, directory: Directory) {
  const last = events.at(-1)
  return {
    revision,
    events: () => events.map(event => eventAnswer(event, directory)),
    position: last ? cursorOf(last) : null,
  }
}

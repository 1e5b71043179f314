import type { Asked } from '../commands/asked.js'
import { wellFormed } from '../commands/payload.js'
import { Rejected } from '../decider/facet.js'
import type { CommandOptions } from '../schema.generated.js'
import type { OperationContext } from './pipeline.js'

const visible = /[^\s\p{C}]/u
const commandIdMax = 200
const overrideReasonMax = 1000

/** The options of a mutation, checked, with who asks. */
export function askedBy(
  { principal, correlationId, trace }: OperationContext,
  options: CommandOptions | null | undefined,
): Asked {
  const { commandId, expectedRevision, occurredAt, timing, overrideReason } = options ?? {}
  if (overrideReason != null && !principal.scopes.has('INCIDENTS_ADMIN'))
    throw new Rejected('SCOPE_MISSING', 'Only an administrator overrides.', {
      needs: 'INCIDENTS_ADMIN',
    })
  if (timing != null && occurredAt == null)
    throw new Rejected(
      'INVALID_INPUT',
      '`timing` says how well `occurredAt` is known: give both.',
      {
        fields: ['timing'],
      },
    )
  return {
    actor: principal.actor,
    ...(principal.scopes.has('INCIDENTS_ADMIN') && { isAdmin: true }),
    correlationId,
    ...(trace && { trace }),
    ...(commandId != null && { commandId: bounded('commandId', commandId, commandIdMax) }),
    ...(expectedRevision != null && { expectedRevision }),
    ...(occurredAt != null && { occurredAt }),
    ...(timing != null && { timing }),
    ...(overrideReason != null && {
      overrideReason: bounded('overrideReason', overrideReason, overrideReasonMax),
    }),
  }
}

function bounded(field: string, value: string, max: number): string {
  if (!visible.test(value) || /\p{Cc}/u.test(value) || value.length > max)
    throw new Rejected(
      'INVALID_INPUT',
      `${field} takes 1 to ${max} characters, none a control character.`,
      {
        fields: [field],
      },
    )
  return wellFormed(field, value)
}

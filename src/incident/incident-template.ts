import { type Context, Rejected } from '../decider/facet.js'
import { type FieldInput, type SettledValue, settled } from './custom-field.js'
import type { Effect, IncidentType } from './incident-kinds.js'
import type { Policy } from './policy.js'
import type { SeverityLevel } from './severity-levels.js'

/** What incidents of a kind have in common when they are declared; versions count from 1. */
export interface IncidentTemplate {
  readonly version: number
  readonly name: string
  readonly title?: string
  readonly severity?: SeverityLevel
  readonly type?: IncidentType
  readonly effect?: Effect
  readonly services?: readonly string[]
  readonly labels?: readonly string[]
  readonly customFields?: readonly TemplateField[]
  /** What to do first, and whom to ask, in words. */
  readonly guidance?: string
  readonly retiredAt?: string
}
export interface TemplateField {
  readonly key: string
  readonly value: SettledValue
}

/** A template to declare by; throws `Rejected` (UNKNOWN_TEMPLATE, TEMPLATE_RETIRED). */
export function usable(key: string, { incidentTemplates }: Policy): IncidentTemplate {
  const template = incidentTemplates.get(key)
  if (!template) throw new Rejected('UNKNOWN_TEMPLATE', 'No template has this key.', { key })
  if (template.retiredAt !== undefined)
    throw new Rejected('TEMPLATE_RETIRED', 'This template is retired.', { key })
  return template
}

/**
 * What is asked, and what the template says where nothing is. A template that was overtaken by other
 * settings keeps nobody from declaring: what its fields no longer take is left out.
 */
export function withTemplate<Asked extends { template?: string; customFields?: FieldInput[] }>(
  { template: key, ...asked }: Asked,
  context: Pick<Context, 'policy' | 'person'>,
) {
  if (key === undefined) return { ...asked, template: undefined }
  const { version, name: _, guidance: __, retiredAt: ___, ...says } = usable(key, context.policy)
  const given = new Set((asked.customFields ?? []).map(field => field.key))
  const { customFields = [], services, labels, ...rest } = says
  return {
    ...rest,
    ...(services && { services: [...services] }),
    ...(labels && { labels: [...labels] }),
    ...asked,
    customFields: [
      ...(asked.customFields ?? []),
      ...customFields.filter(field => !given.has(field.key)).flatMap(stillTaken(context)),
    ],
    template: { key, version },
  }
}

const stillTaken =
  ({ policy, person }: Pick<Context, 'policy' | 'person'>) =>
  ({ key, value }: TemplateField): FieldInput[] => {
    const input = { key, value: value as FieldInput['value'] }
    try {
      settled(input, policy, person)
      return [input]
    } catch (error) {
      if (error instanceof Rejected) return []
      throw error
    }
  }

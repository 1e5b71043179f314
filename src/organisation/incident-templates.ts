import { IsIn, IsOptional } from 'class-validator'
import { DefinitionKey, Line, Prose, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { FieldInput, FieldInputs, settled } from '../incident/custom-field.js'
import {
  type Effect,
  type IncidentType,
  effects,
  incidentTypes,
} from '../incident/incident-kinds.js'
import type { IncidentTemplate, TemplateField } from '../incident/incident-template.js'
import { LabelList, sortedLabels } from '../incident/label.js'
import { ServiceKeys, sorted } from '../incident/service-keys.js'
import { type SeverityLevel, severityLevels } from '../incident/severity-levels.js'
import { knownPerson } from './known-person.js'
import type { Organisation } from './organisation.js'
import { nextVersion } from './versions.js'

export type IncidentTemplates = ReadonlyMap<string, IncidentTemplate>

/** Retired ones count: nobody finds one among more. */
const templatesMax = 200

export class DefineIncidentTemplate {
  static readonly nested = { customFields: FieldInput }
  @DefinitionKey() key!: string
  @Line(100) name!: string
  @IsOptional() @Line(200) title?: string
  @IsOptional() @IsIn(severityLevels) severity?: SeverityLevel
  @IsOptional() @IsIn(incidentTypes) type?: IncidentType
  @IsOptional() @IsIn(effects) effect?: Effect
  @IsOptional() @ServiceKeys() services?: string[]
  @IsOptional() @LabelList() labels?: string[]
  @IsOptional() @FieldInputs() customFields?: FieldInput[]
  @IsOptional() @Prose(4000) guidance?: string
}
export class RetireIncidentTemplate {
  @DefinitionKey() key!: string
  @IsOptional() @Reason() reason?: string
}
export interface TemplateCommands {
  DefineIncidentTemplate: DefineIncidentTemplate
  RetireIncidentTemplate: RetireIncidentTemplate
}
export interface TemplateEvents {
  IncidentTemplateDefined: {
    key: string
    version: number
    name: string
    title?: string
    severity?: SeverityLevel
    type?: IncidentType
    effect?: Effect
    services?: readonly string[]
    labels?: readonly string[]
    customFields?: readonly TemplateField[]
    guidance?: string
  }
  IncidentTemplateRetired: { key: string; reason?: string }
}

export const incidentTemplates: Facet<
  Organisation,
  IncidentTemplates,
  TemplateCommands,
  TemplateEvents
> = {
  initial: new Map(),
  payloads: { DefineIncidentTemplate, RetireIncidentTemplate },
  may: { DefineIncidentTemplate: () => {}, RetireIncidentTemplate: () => {} },
  after: { DefineIncidentTemplate: () => undefined, RetireIncidentTemplate: () => undefined },
  decide: {
    DefineIncidentTemplate(organisation, { key, ...command }) {
      const { incidentTemplates } = organisation
      const before = incidentTemplates.get(key)
      if (!before && incidentTemplates.size >= templatesMax)
        throw new Rejected('LIMIT_REACHED', `At most ${templatesMax} templates can be defined.`)
      const content = contentOf(command, organisation)
      const version = nextVersion(before, content)
      if (version === undefined) return []
      return [{ type: 'IncidentTemplateDefined', data: { key, version, ...content } }]
    },
    RetireIncidentTemplate({ incidentTemplates }, { key, reason }) {
      const template = incidentTemplates.get(key)
      if (!template) throw new Rejected('UNKNOWN_TEMPLATE', 'No template has this key.', { key })
      if (template.retiredAt !== undefined) return []
      const data = { key, ...(reason !== undefined && { reason }) }
      return [{ type: 'IncidentTemplateRetired', data }]
    },
  },
  evolve: {
    IncidentTemplateDefined: (templates, { data: { key, ...template } }) =>
      put(templates, key, readable(template)),
    IncidentTemplateRetired(templates, { data: { key }, occurredAt: retiredAt }) {
      const template = templates.get(key)
      return template ? put(templates, key, { ...template, retiredAt }) : templates
    },
  },
  narrate: {
    IncidentTemplateDefined: ({ data, actor }, name) =>
      fact(
        `${name(actor)} defined version ${data.version} of the incident template “${data.name}” (${data.key})`,
      ),
    IncidentTemplateRetired: ({ data, actor }, name, { incidentTemplates }) =>
      fact(
        `${name(actor)} retired the incident template “${incidentTemplates.get(data.key)?.name ?? data.key}”${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    IncidentTemplateDefined: {
      key: 'PLAIN',
      name: 'TEXT',
      title: 'TEXT',
      services: 'PLAIN',
      labels: 'TEXT',
      customFields: 'TEXT',
      guidance: 'TEXT',
    },
    IncidentTemplateRetired: { key: 'PLAIN', reason: 'TEXT' },
  },
}

/** As it is stored: values as their fields take them, and nothing that was left out. */
function contentOf(
  { services, labels, customFields, ...rest }: Omit<DefineIncidentTemplate, 'key'>,
  organisation: Organisation,
) {
  const keys = (customFields ?? []).map(({ key }) => key)
  if (new Set(keys).size < keys.length)
    throw new Rejected('INVALID_INPUT', 'Each field has one value.', { fields: ['customFields'] })
  const person = (idOrHandle: string) => knownPerson(organisation, idOrHandle)
  return {
    ...rest,
    ...(services && { services: sorted(services) }),
    ...(labels && { labels: sortedLabels(labels) }),
    ...(customFields && {
      customFields: customFields.map(input => ({
        key: input.key,
        value: settled(input, organisation, person),
      })),
    }),
  }
}

/** An erased list reads as a string: then it holds nothing. */
const readable = ({ labels, customFields, ...rest }: IncidentTemplate): IncidentTemplate => ({
  ...rest,
  ...(Array.isArray(labels) && { labels }),
  ...(Array.isArray(customFields) && { customFields }),
})

import { IsIn, IsOptional } from 'class-validator'
import { Line, Prose, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import {
  type FieldDefinition,
  FieldKey,
  type FieldType,
  Options,
  fieldTypes,
  settable,
} from '../incident/custom-field.js'
import type { Organisation } from './organisation.js'

export type CustomFields = ReadonlyMap<string, FieldDefinition>

/** Retired ones count: nobody fills in so many. */
const fieldsMax = 200

export class DefineCustomField {
  @FieldKey() key!: string
  @Line(100) name!: string
  @IsIn(fieldTypes) type!: FieldType
  @IsOptional() @Prose(500) description?: string
  @IsOptional() @Options() options?: string[]
  @IsOptional() @IsIn([true, false]) required?: boolean
}
export class ChangeCustomField {
  @FieldKey() key!: string
  @IsOptional() @Line(100) name?: string
  @IsOptional() @Prose(500) description?: string
  @IsOptional() @Options() options?: string[]
  @IsOptional() @IsIn([true, false]) required?: boolean
}
export class RetireCustomField {
  @FieldKey() key!: string
  @IsOptional() @Reason() reason?: string
}
export interface CustomFieldCommands {
  DefineCustomField: DefineCustomField
  ChangeCustomField: ChangeCustomField
  RetireCustomField: RetireCustomField
}
interface Changeable {
  name: string
  description?: string
  options?: readonly string[]
  required: boolean
}
export interface CustomFieldEvents {
  CustomFieldDefined: Changeable & { key: string; type: FieldType }
  CustomFieldChanged: Partial<Changeable> & { key: string }
  CustomFieldRetired: { key: string; reason?: string }
}

export const customFields: Facet<
  Organisation,
  CustomFields,
  CustomFieldCommands,
  CustomFieldEvents
> = {
  initial: new Map(),
  payloads: { DefineCustomField, ChangeCustomField, RetireCustomField },
  may: { DefineCustomField: () => {}, ChangeCustomField: () => {}, RetireCustomField: () => {} },
  after: {
    DefineCustomField: () => undefined,
    ChangeCustomField: () => undefined,
    RetireCustomField: () => undefined,
  },
  decide: {
    DefineCustomField({ customFields }, { key, required = false, ...rest }) {
      const before = customFields.get(key)
      const data = { key, ...plain(rest), required }
      requireOptions(rest.type, rest.options)
      if (before && same(before, folded(data))) return []
      if (before && (before.retiredAt === undefined || before.type !== rest.type))
        throw new Rejected('FIELD_EXISTS', 'This key is another custom field’s.', {
          key,
          type: before.type,
        })
      if (!before && customFields.size >= fieldsMax)
        throw new Rejected('LIMIT_REACHED', `At most ${fieldsMax} custom fields can be defined.`)
      return [{ type: 'CustomFieldDefined', data }]
    },
    ChangeCustomField(organisation, { key, ...change }) {
      const before = settable(key, organisation)
      if (change.options) requireOptions(before.type, change.options)
      const after = { ...before, ...plain(change) }
      return same(before, after)
        ? []
        : [{ type: 'CustomFieldChanged', data: { key, ...plain(change) } }]
    },
    RetireCustomField({ customFields }, { key, reason }) {
      const field = customFields.get(key)
      if (!field) throw new Rejected('UNKNOWN_FIELD', 'No custom field has this key.', { key })
      if (field.retiredAt !== undefined) return []
      return [
        { type: 'CustomFieldRetired', data: { key, ...(reason !== undefined && { reason }) } },
      ]
    },
  },
  evolve: {
    CustomFieldDefined: (fields, { data }) => put(fields, data.key, folded(data)),
    CustomFieldChanged(fields, { data: { key, ...change } }) {
      const field = fields.get(key)
      return field ? put(fields, key, { ...field, ...readable(change) }) : fields
    },
    CustomFieldRetired(fields, { data: { key }, occurredAt }) {
      const field = fields.get(key)
      return field ? put(fields, key, { ...field, retiredAt: occurredAt }) : fields
    },
  },
  narrate: {
    CustomFieldDefined: ({ data, actor }, name) =>
      fact(`${name(actor)} defined the custom field “${data.name}” (${data.key})`),
    CustomFieldChanged: ({ data, actor }, name, after) =>
      fact(`${name(actor)} changed the custom field “${called(after, data.key)}”`),
    CustomFieldRetired: ({ data, actor }, name, after) =>
      fact(
        `${name(actor)} retired the custom field “${called(after, data.key)}”${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    CustomFieldDefined: { key: 'PLAIN', name: 'TEXT', description: 'TEXT', options: 'TEXT' },
    CustomFieldChanged: { key: 'PLAIN', name: 'TEXT', description: 'TEXT', options: 'TEXT' },
    CustomFieldRetired: { key: 'PLAIN', reason: 'TEXT' },
  },
}

const called = ({ customFields }: Organisation, key: string) => customFields.get(key)?.name ?? key

/** Something to choose, where something is chosen, and nowhere else. */
function requireOptions(type: FieldType, options: readonly string[] | undefined): void {
  if ((type === 'SINGLE_SELECT' || type === 'MULTI_SELECT') === (options !== undefined)) return
  throw new Rejected('INVALID_INPUT', 'Fields to select from have options, others have none.', {
    fields: ['options'],
  })
}

/** As stored: each option once, in the order given, and without what was left out. */
function plain<Given extends { options?: string[] }>({ options, ...rest }: Given) {
  return { ...rest, ...(options && { options: [...new Set(options)] }) }
}

/** An erased list reads as a string: then nothing can be chosen. */
const readable = <Given extends Partial<Changeable>>({ options, ...rest }: Given) => ({
  ...rest,
  ...(options && { options: Array.isArray(options) ? (options as readonly string[]) : [] }),
})

const folded = ({ key: _, ...data }: Readonly<CustomFieldEvents['CustomFieldDefined']>) => ({
  options: [],
  ...readable(data),
})

const same = (one: FieldDefinition, other: FieldDefinition) =>
  JSON.stringify(Object.entries(one).toSorted()) ===
  JSON.stringify(Object.entries(other).toSorted())

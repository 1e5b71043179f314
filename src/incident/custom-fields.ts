import { type Facet, type Name, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { put } from '../decider/kept-map.js'
import {
  FieldInput,
  FieldInputs,
  FieldKey,
  type NamedValue,
  type SettledValue,
  settable,
  settledFields,
} from './custom-field.js'
import { requireDeclared } from './guards.js'
import type { Incident } from './incident.js'

/** What is known of one field: as it was called and taken when that was decided. */
export interface Field {
  readonly name: string
  /** Absent once it was cleared. */
  readonly value?: SettledValue
  readonly setAt: string
}
/** By key. There are no more of them than the organisation has defined. */
export type Fields = ReadonlyMap<string, Field>

export class SetCustomFields {
  static readonly nested = { fields: FieldInput }
  @FieldInputs() fields!: FieldInput[]
}
export class ClearCustomField {
  @FieldKey() key!: string
}
export interface FieldCommands {
  SetCustomFields: SetCustomFields
  ClearCustomField: ClearCustomField
}
export interface FieldEvents {
  CustomFieldSet: NamedValue
  CustomFieldCleared: { key: string; name: string }
}

const lastSet = ({ declaration, customFields }: Incident, keys: readonly string[]) =>
  latest(declaration.declaredAt, ...keys.map(key => customFields.get(key)?.setAt))

export const customFields: Facet<Incident, Fields, FieldCommands, FieldEvents> = {
  initial: new Map(),
  payloads: { SetCustomFields, ClearCustomField },
  may: { SetCustomFields: requireDeclared, ClearCustomField: requireDeclared },
  after: {
    SetCustomFields: (incident, { fields }) =>
      lastSet(
        incident,
        fields.map(({ key }) => key),
      ),
    ClearCustomField: (incident, { key }) => lastSet(incident, [key]),
  },
  decide: {
    SetCustomFields: ({ customFields }, { fields }, context) =>
      settledFields(fields, context)
        .filter(({ key, name: _, ...value }) => !isSame(customFields.get(key)?.value, value))
        .map(data => ({ type: 'CustomFieldSet', data })),
    ClearCustomField({ customFields }, { key }, { policy }) {
      const field = customFields.get(key)
      if (!field) settable(key, policy)
      return field?.value === undefined
        ? []
        : [{ type: 'CustomFieldCleared', data: { key, name: field.name } }]
    },
  },
  evolve: {
    CustomFieldSet: (fields, { data: { key, name, ...value }, occurredAt }) =>
      put(fields, key, { name, value: readable(value), setAt: occurredAt }),
    CustomFieldCleared: (fields, { data: { key, name }, occurredAt }) =>
      put(fields, key, { name, setAt: occurredAt }),
  },
  narrate: {
    CustomFieldSet: ({ data: { key: _, name: field, ...value }, actor }, name) =>
      fact(`${name(actor)} set “${field}” to ${said(readable(value), name)}`),
    CustomFieldCleared: ({ data, actor }, name) => fact(`${name(actor)} cleared “${data.name}”`),
  },
  sensitive: {
    CustomFieldSet: {
      key: 'PLAIN',
      name: 'TEXT',
      text: 'TEXT',
      date: 'PLAIN',
      option: 'TEXT',
      options: 'TEXT',
      person: 'PERSON',
      link: 'TEXT',
    },
    CustomFieldCleared: { key: 'PLAIN', name: 'TEXT' },
  },
}

/** There is one member, so its order does not matter. */
const isSame = (one: SettledValue | undefined, other: SettledValue) =>
  JSON.stringify(one) === JSON.stringify(other)

/** An erased list reads as a string: then nothing is chosen. */
const readable = ({ options, ...rest }: SettledValue): SettledValue => ({
  ...rest,
  ...(options && { options: Array.isArray(options) ? options : [] }),
})

function said(value: SettledValue, name: Name): string {
  const { text, number, boolean, date, option, options, person, link } = value
  if (boolean !== undefined) return boolean ? 'yes' : 'no'
  if (options) return options.map(one => `“${one}”`).join(', ') || 'nothing'
  if (person !== undefined) return name(person)
  return String(number ?? date ?? link ?? `“${text ?? option ?? ''}”`)
}

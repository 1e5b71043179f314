import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsNumber,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator'
import { Day, Line, PersonRef, Prose, WebAddress } from '../decider/bounds.js'
import { type Asking, Rejected } from '../decider/facet.js'
import type { Policy } from './policy.js'

export const fieldTypes = [
  'TEXT',
  'NUMBER',
  'BOOLEAN',
  'DATE',
  'SINGLE_SELECT',
  'MULTI_SELECT',
  'PERSON',
  'LINK',
] as const
export type FieldType = (typeof fieldTypes)[number]

/** The member of a value that holds what a field of the type takes. */
export const members = {
  TEXT: 'text',
  NUMBER: 'number',
  BOOLEAN: 'boolean',
  DATE: 'date',
  SINGLE_SELECT: 'option',
  MULTI_SELECT: 'options',
  PERSON: 'person',
  LINK: 'link',
} as const satisfies Record<FieldType, string>

/** What the organisation settled of one field. */
export interface FieldDefinition {
  readonly name: string
  readonly type: FieldType
  readonly description?: string
  /** What can be chosen; empty where nothing is. */
  readonly options: readonly string[]
  /** Whether an incident can be closed without it. */
  readonly required: boolean
  /** It can be set no more; what was set stays. */
  readonly retiredAt?: string
}

/** More is not chosen from, but typed. */
const optionsMax = 100
const optionLengthMax = 100
const fieldKey = /^[a-z0-9](?:[a-z0-9_-]{0,48}[a-z0-9])?$/

/** The key of one field, such as `affected-customers`. */
export const FieldKey = () => Matches(fieldKey)
/** What can be, or is, chosen. */
export const Options = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMinSize(1)(target, field)
  ArrayMaxSize(optionsMax)(target, field)
  Line(optionLengthMax, { each: true })(target, field)
}

/** One value; which member holds it says its type, in input and in events. */
export class FieldValue {
  @IsOptional() @Prose(1000) text?: string
  @IsOptional() @IsNumber() number?: number
  @IsOptional() @IsIn([true, false]) boolean?: boolean
  @IsOptional() @Day() date?: string
  @IsOptional() @Line(optionLengthMax) option?: string
  @IsOptional() @Options() options?: string[]
  @IsOptional() @PersonRef() person?: string
  @IsOptional() @WebAddress() link?: string
}
/** A value and what it is of. */
export class FieldInput {
  static readonly nested = { value: FieldValue }
  @FieldKey() key!: string
  @ValidateNested() value!: FieldValue
}
/** So many at a time: a form is not longer. */
const togetherMax = 50
/** Values of several fields. */
export const FieldInputs = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMinSize(1)(target, field)
  ArrayMaxSize(togetherMax)(target, field)
  ValidateNested()(target, field)
}

/** A value as it was decided: one of these, people by their ids. */
export interface SettledValue {
  readonly text?: string
  readonly number?: number
  readonly boolean?: boolean
  readonly date?: string
  readonly option?: string
  readonly options?: readonly string[]
  readonly person?: string
  readonly link?: string
}

/** A value as its event says it: with the field's name then, so that it can be read without a definition. */
export type NamedValue = { readonly key: string; readonly name: string } & SettledValue

/** Values as their events say them; throws `Rejected` as `settled` does, and for a field given twice. */
export function settledFields(
  fields: readonly FieldInput[],
  { policy, person }: Pick<Asking, 'policy' | 'person'>,
): NamedValue[] {
  if (new Set(fields.map(({ key }) => key)).size < fields.length)
    throw new Rejected('INVALID_INPUT', 'Each field has one value.', { fields: ['fields'] })
  return fields.map(input => ({
    key: input.key,
    name: settable(input.key, policy).name,
    ...settled(input, policy, person),
  }))
}

/** The definition of a field that can be set; throws `Rejected` (UNKNOWN_FIELD, FIELD_RETIRED). */
export function settable(
  key: string,
  { customFields }: Pick<Policy, 'customFields'>,
): FieldDefinition {
  const field = customFields.get(key)
  if (!field) throw new Rejected('UNKNOWN_FIELD', 'No custom field has this key.', { key })
  if (field.retiredAt !== undefined)
    throw new Rejected('FIELD_RETIRED', 'This custom field is retired.', { key })
  return field
}

/**
 * The value as the field's definition takes it; throws `Rejected` (UNKNOWN_FIELD, FIELD_RETIRED,
 * FIELD_TYPE, UNKNOWN_OPTION, UNKNOWN_PERSON).
 */
export function settled(
  { key, value }: FieldInput,
  policy: Pick<Policy, 'customFields'>,
  person: Asking['person'],
): SettledValue {
  const { type, options } = settable(key, policy)
  const member = members[type]
  const given = Object.entries(value).filter(([, one]) => one !== undefined)
  if (given.length !== 1 || given[0]![0] !== member)
    throw new Rejected('FIELD_TYPE', `This custom field takes a value as \`${member}\`.`, {
      key,
      type,
    })
  const { option, options: chosen = option === undefined ? [] : [option] } = value
  const unknown = chosen.find(one => !options.includes(one))
  if (unknown !== undefined)
    throw new Rejected('UNKNOWN_OPTION', 'This custom field has no such option.', {
      key,
      option: unknown,
    })
  return {
    ...value,
    // Canonical JSON knows no minus zero.
    ...(value.number !== undefined && { number: value.number + 0 }),
    ...(value.options && { options: options.filter(one => chosen.includes(one)) }),
    ...(value.person !== undefined && { person: person(value.person) }),
  }
}

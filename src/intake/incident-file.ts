import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInstance,
  IsISO8601,
  IsNumber,
  IsOptional,
  Matches,
  ValidateNested,
} from 'class-validator'
import { payload } from '../commands/payload.js'
import { Line, Prose, WebAddress } from '../decider/bounds.js'
import { Rejected } from '../decider/facet.js'
import { requireHappened } from '../decider/instants.js'
import { type IncidentType, incidentTypes } from '../incident/incident-kinds.js'
import { isDue } from './fact-words.js'

const factsMax = 10_000

/** An instant with its offset; left out, or null, where nobody knows it. */
const Known = () => (target: object, field: string) => {
  IsOptional()(target, field)
  Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/, {
    message: `${field} must be an ISO 8601 instant with its offset, such as 2026-01-01T12:00:00Z`,
  })(target, field)
  IsISO8601({ strict: true })(target, field)
}

export class Quantity {
  @IsNumber() value!: number
  @Line(200) unit!: string
}

/** One thing that was said of an incident. Kinds that nobody here knows are taken as they come. */
export class Fact {
  static readonly nested = { quantity: Quantity }
  @Known() at?: string
  @Known() until?: string
  @IsOptional() @IsBoolean() approximate?: boolean
  @IsOptional() @IsBoolean() recordedLater?: boolean
  @Matches(/^[A-Z][A-Z0-9_]{0,59}$/) kind!: string
  @IsOptional() @Line(200) actor?: string
  @Prose(2000) text!: string
  @IsOptional() @Line(200) component?: string
  @IsOptional() @Line(200) region?: string
  @IsOptional() @ValidateNested() @IsInstance(Quantity) quantity?: Quantity
  @IsOptional() @Line(40) severity?: string
  @IsOptional() @Line(40) phase?: string
  @IsOptional() @WebAddress() evidence?: string
}

/** A real incident, told as facts. The format is described in `examples/incidents/README.md`. */
export class IncidentFile {
  static readonly nested = { facts: Fact }
  @Matches(/^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/) slug!: string
  @Line(200) title!: string
  @Line(200) organisation!: string
  @IsIn(incidentTypes) type!: IncidentType
  @IsArray() @ArrayMaxSize(20) @WebAddress({ each: true }) sources!: string[]
  @IsOptional() @Line(60) timezone?: string
  @IsOptional() @IsArray() @ArrayMaxSize(100) @Prose(4000, { each: true }) notes?: string[]
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(factsMax)
  @IsInstance(Fact, { each: true, message: 'facts must be objects' })
  @ValidateNested()
  facts!: Fact[]
}

/** The file as it is meant; throws `Rejected('INVALID_INPUT')` that names each place that is not. */
export function incidentFile(json: object, now: string): IncidentFile {
  const options = { whitelist: true, forbidNonWhitelisted: true }
  const file = payload<IncidentFile>(IncidentFile, json, options)
  for (const [i, fact] of file.facts.entries()) {
    const { at, until } = fact
    if (at !== undefined) requirePast(`facts[${i}].at`, at, now)
    // What is due may lie ahead; what ended does not.
    if (until !== undefined && !isDue(fact)) requirePast(`facts[${i}].until`, until, now)
  }
  return file
}

function requirePast(field: string, at: string, now: string): void {
  try {
    requireHappened(at, now)
  } catch (error) {
    if (!(error instanceof Rejected)) throw error
    const reasons = [`${field}: ${at} lies in the future`]
    throw new Rejected('INVALID_INPUT', error.message, { fields: [field], reasons })
  }
}

import { IsIn, IsOptional } from 'class-validator'
import { Line, PersonRefs } from '../decider/bounds.js'
import { type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import {
  type IncidentKind,
  type IncidentType,
  incidentKinds,
  incidentTypes,
} from './incident-kinds.js'
import type { KindEvents } from './kind.js'
import { declaredVisibility } from './membership.js'
import { ServiceKeys, sorted } from './service-keys.js'
import type { ServicesEvents } from './services.js'
import { type SeverityLevel, severityLevels } from './severity-levels.js'
import type { SeverityEvents } from './severity.js'
import type { VisibilityEvents } from './visibility.js'
import { type VisibilityLevel, visibilityLevels } from './visibility-levels.js'

export const modes = ['LIVE', 'DRILL', 'TABLETOP', 'TEST', 'RETROSPECTIVE'] as const
export type Mode = (typeof modes)[number]
export const effects = ['OUTAGE', 'DEGRADATION', 'QUALITY', 'SECURITY'] as const
export type Effect = (typeof effects)[number]

/** What the incident is; how it goes, the lifecycle knows. */
export interface Declaration {
  /** The state it was declared in. */
  readonly status: 'NONE' | 'TRIAGE' | 'ACTIVE'
  readonly reference: string
  readonly title: string
  readonly titledAt: string
  readonly type: IncidentType
  readonly mode: Mode
  readonly effect: Effect | null
  readonly declaredAt: string
}

/** Named at once; more can be let in later. */
const membersMax = 50

export class DeclareIncident {
  @Line(200) title!: string
  @IsOptional() @IsIn(severityLevels) severity?: SeverityLevel
  @IsOptional() @IsIn(incidentTypes) type?: IncidentType
  @IsOptional() @IsIn(modes) mode?: Mode
  @IsOptional() @IsIn(incidentKinds) kind?: IncidentKind
  @IsOptional() @IsIn(effects) effect?: Effect
  @IsOptional() @IsIn([true, false]) triage?: boolean
  @IsOptional() @ServiceKeys() services?: string[]
  @IsOptional() @IsIn(visibilityLevels) visibility?: VisibilityLevel
  @IsOptional() @PersonRefs(membersMax) members?: string[]
}
export class ChangeTitle {
  @Line(200) title!: string
}
export interface DeclarationCommands {
  DeclareIncident: DeclareIncident
  ChangeTitle: ChangeTitle
}
export interface DeclarationEvents {
  IncidentDeclared: {
    reference: string
    title: string
    type: IncidentType
    mode: Mode
    status: 'TRIAGE' | 'ACTIVE'
    effect?: Effect
  }
  TitleChanged: { title: string }
}

export const declaration: Facet<
  Incident,
  Declaration,
  DeclarationCommands,
  DeclarationEvents,
  DeclarationEvents &
    Pick<KindEvents, 'NearMissReported'> &
    SeverityEvents &
    ServicesEvents &
    Pick<VisibilityEvents, 'VisibilitySet'>
> = {
  initial: {
    status: 'NONE',
    reference: '',
    title: '',
    titledAt: '',
    type: 'SERVICE',
    mode: 'LIVE',
    effect: null,
    declaredAt: '',
  },
  payloads: { DeclareIncident, ChangeTitle },
  may: { DeclareIncident: requireUndeclared, ChangeTitle: requireNotDismissed },
  after: {
    DeclareIncident: () => undefined,
    ChangeTitle: ({ declaration }) => latest(declaration.declaredAt, declaration.titledAt),
  },
  decide: {
    DeclareIncident: declared,
    ChangeTitle: ({ declaration }, { title }) =>
      title === declaration.title ? [] : [{ type: 'TitleChanged', data: { title } }],
  },
  evolve: {
    IncidentDeclared: (_, { data: { effect = null, ...data }, occurredAt: at }) => ({
      ...data,
      effect,
      titledAt: at,
      declaredAt: at,
    }),
    TitleChanged: (declaration, { data: { title }, occurredAt }) => ({
      ...declaration,
      title,
      titledAt: occurredAt,
    }),
  },
  narrate: {
    IncidentDeclared: ({ data, actor }, name) => fact(`${name(actor)} ${declaredWords(data)}`),
    TitleChanged: ({ data, actor }, name) =>
      fact(`${name(actor)} changed the title to “${data.title}”`),
  },
  sensitive: {
    IncidentDeclared: { reference: 'PLAIN', title: 'TEXT' },
    TitleChanged: { title: 'TEXT' },
  },
}

function requireUndeclared({ declaration }: Incident): void {
  if (declaration.status !== 'NONE')
    throw new Rejected('ALREADY_DECLARED', 'This incident is already declared.')
}

function declared(incident: Incident, command: DeclareIncident, context: Context) {
  const { title, severity = 'UNDETERMINED', type = 'SERVICE', mode = 'LIVE', ...rest } = command
  return [
    {
      type: 'IncidentDeclared',
      data: {
        reference: context.made.reference!,
        title,
        type,
        mode,
        status: rest.triage ? 'TRIAGE' : 'ACTIVE',
        ...(rest.effect && { effect: rest.effect }),
      },
    },
    ...(rest.kind === 'NEAR_MISS' ? [{ type: 'NearMissReported', data: {} } as const] : []),
    ...declaredVisibility(incident, { ...rest, type }, context),
    { type: 'SeveritySet', data: { level: severity } },
    ...(rest.services?.length
      ? [{ type: 'ServicesSet', data: { services: sorted(rest.services) } } as const]
      : []),
  ] as const
}

function declaredWords({ title, mode, status }: DeclarationEvents['IncidentDeclared']): string {
  if (mode === 'RETROSPECTIVE') return `put “${title}” on record`
  return `${status === 'TRIAGE' ? 'opened for triage' : 'declared'} “${title}”`
}

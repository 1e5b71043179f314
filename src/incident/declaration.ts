import { IsIn, IsOptional } from 'class-validator'
import { DefinitionKey, Line, PersonRefs } from '../decider/bounds.js'
import { type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { FieldInput, FieldInputs, settledFields } from './custom-field.js'
import type { FieldEvents } from './custom-fields.js'
import { engagedByType } from './engaging.js'
import type { FunctionEvents } from './functions.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import {
  type Effect,
  type IncidentKind,
  type IncidentType,
  effects,
  incidentKinds,
  incidentTypes,
} from './incident-kinds.js'
import { withTemplate } from './incident-template.js'
import type { KindEvents } from './kind.js'
import { LabelList, sortedLabels } from './label.js'
import type { LabelEvents } from './labels.js'
import { declaredVisibility } from './membership.js'
import { ServiceKeys, sorted } from './service-keys.js'
import type { ServicesEvents } from './services.js'
import { type SeverityLevel, severityLevels } from './severity-levels.js'
import { saidUnder } from './severity-scale.js'
import type { SeverityEvents } from './severity.js'
import type { VisibilityEvents } from './visibility.js'
import { type VisibilityLevel, visibilityLevels } from './visibility-levels.js'

export const modes = ['LIVE', 'DRILL', 'TABLETOP', 'TEST', 'RETROSPECTIVE'] as const
export type Mode = (typeof modes)[number]

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
  readonly template: { readonly key: string; readonly version: number } | null
  readonly declaredAt: string
}

/** Named at once; more can be let in later. */
const membersMax = 50

export class DeclareIncident {
  static readonly nested = { customFields: FieldInput }
  /** Asked for at the edge, or told by the template. */
  @IsOptional() @Line(200) title?: string
  @IsOptional() @DefinitionKey() template?: string
  @IsOptional() @IsIn(severityLevels) severity?: SeverityLevel
  @IsOptional() @IsIn(incidentTypes) type?: IncidentType
  @IsOptional() @IsIn(modes) mode?: Mode
  @IsOptional() @IsIn(incidentKinds) kind?: IncidentKind
  @IsOptional() @IsIn(effects) effect?: Effect
  @IsOptional() @IsIn([true, false]) triage?: boolean
  @IsOptional() @ServiceKeys() services?: string[]
  @IsOptional() @LabelList() labels?: string[]
  @IsOptional() @FieldInputs() customFields?: FieldInput[]
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
    template?: { readonly key: string; readonly version: number }
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
    Pick<LabelEvents, 'LabelsAdded'> &
    Pick<FieldEvents, 'CustomFieldSet'> &
    ServicesEvents &
    Pick<VisibilityEvents, 'VisibilitySet'> &
    FunctionEvents
> = {
  initial: {
    status: 'NONE',
    reference: '',
    title: '',
    titledAt: '',
    type: 'SERVICE',
    mode: 'LIVE',
    effect: null,
    template: null,
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
    IncidentDeclared: (
      _,
      { data: { effect = null, template = null, ...data }, occurredAt: at },
    ) => ({
      ...data,
      effect,
      template,
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
    IncidentDeclared: { reference: 'PLAIN', title: 'TEXT', template: 'PLAIN' },
    TitleChanged: { title: 'TEXT' },
  },
}

function requireUndeclared({ declaration }: Incident): void {
  if (declaration.status !== 'NONE')
    throw new Rejected('ALREADY_DECLARED', 'This incident is already declared.')
}

function declared(incident: Incident, command: DeclareIncident, context: Context) {
  const { template, ...asked } = withTemplate(command, context)
  const { title, severity = 'UNDETERMINED', type = 'SERVICE', mode = 'LIVE', ...rest } = asked
  if (title === undefined)
    throw new Rejected('INVALID_INPUT', 'Say what it is about.', { fields: ['title'] })
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
        ...(template && { template }),
      },
    },
    ...(rest.kind === 'NEAR_MISS' ? [{ type: 'NearMissReported', data: {} } as const] : []),
    ...declaredVisibility(incident, { ...rest, type }, context),
    ...(mode === 'RETROSPECTIVE' ? [] : engagedByType(incident, type, context)),
    { type: 'SeveritySet', data: { level: severity, ...saidUnder(context.policy) } },
    ...(rest.services?.length
      ? [{ type: 'ServicesSet', data: { services: sorted(rest.services) } } as const]
      : []),
    ...(rest.labels?.length
      ? [{ type: 'LabelsAdded', data: { labels: sortedLabels(rest.labels) } } as const]
      : []),
    ...settledFields(rest.customFields ?? [], context).map(
      data => ({ type: 'CustomFieldSet', data }) as const,
    ),
  ] as const
}

function declaredWords(data: DeclarationEvents['IncidentDeclared']): string {
  const { title, mode, status, template } = data
  if (mode === 'RETROSPECTIVE') return `put “${title}” on record`
  const by = template ? ` by version ${template.version} of the template ${template.key}` : ''
  return `${status === 'TRIAGE' ? 'opened for triage' : 'declared'} “${title}”${by}`
}

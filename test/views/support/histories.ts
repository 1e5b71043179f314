import fc from 'fast-check'
import type { Asking } from '../../../src/decider/facet.js'
import { Rejected } from '../../../src/decider/facet.js'
import type { SealedEvent } from '../../../src/event-store/stored-event.js'
import { modes } from '../../../src/incident/declaration.js'
import { effects } from '../../../src/incident/incident-kinds.js'
import { incidentKinds, incidentTypes } from '../../../src/incident/incident-kinds.js'
import {
  type Commands,
  type Incident,
  type IncidentCommand,
  type IncidentEvent,
  incidents,
} from '../../../src/incident/incident.js'
import { detectionSources } from '../../../src/incident/detection.js'
import { factorCategories } from '../../../src/incident/contributing-factors.js'
import { verificationResults } from '../../../src/incident/cycle.js'
import { hypothesisOutcomes } from '../../../src/incident/hypotheses.js'
import { questionKinds } from '../../../src/incident/questions.js'
import { decisionOutcomes } from '../../../src/incident/decisions.js'
import { audiences } from '../../../src/incident/audiences.js'
import { linkKinds } from '../../../src/incident/links.js'
import { otherMeant, saidBy } from '../../../src/incident/counterparts.js'
import { statusOf } from '../../../src/incident/guards.js'
import { toldStatuses } from '../../../src/incident/recorded-task.js'
import { relationKinds } from '../../../src/incident/related.js'
import { commandOf, timersOf } from '../../../src/incident/timers.js'
import { containmentActions } from '../../../src/incident/containment.js'
import { engagedFunctions } from '../../../src/incident/engaged-functions.js'
import { phaseKeys } from '../../../src/incident/phases.js'
import { roleKeys } from '../../../src/incident/role-keys.js'
import { severityLevels } from '../../../src/incident/severity-levels.js'
import { visibilityLevels } from '../../../src/incident/visibility-levels.js'
import { policy } from '../../support/policy.js'
import { type Happened, eventOf } from './events.js'

export const people = ['ada', 'bob', 'cyd', '__proto__']
export const services = ['api', 'billing', 'checkout-api', 'db']
export const words = ['API', 'down', '100%', 'a_b', 'Überlauf', 'constructor', "'quoted'", 'down!']

const text = fc.constantFrom('as agreed', 'seen on the dashboard')
const title = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
  .map(words => words.join(' '))
const person = fc.constantFrom(...people)
const minutes = fc.integer({ min: 1, max: 300 })
const taskId = fc.integer({ min: 1, max: 6 }).map(number => `task-${number}`)
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
const someServices = fc.subarray(services)
const assignee = fc.oneof(fc.record({ person }), fc.record({ role: fc.constantFrom(...roleKeys) }))
const other = fc.nat(4).map(String)
const relating = fc.constantFrom(...relationKinds)
const none = fc.constant({})
const shown = fc.constant([{ url: 'https://example.org/3' }])

const ofStep = { checklistId: taskId, step: fc.constantFrom('stop', 'switch') }

/** One per command: a command without one does not compile. */
const inputs: { [C in keyof Commands]: fc.Arbitrary<object> } = {
  DeclareIncident: fc.record(
    {
      title,
      severity: fc.constantFrom(...severityLevels),
      type: fc.constantFrom(...incidentTypes),
      mode: fc.constantFrom(...modes),
      kind: fc.constantFrom(...incidentKinds),
      effect: fc.constantFrom(...effects),
      triage: fc.boolean(),
      services: someServices,
      visibility: fc.constantFrom(...visibilityLevels),
    },
    { requiredKeys: ['title'] },
  ),
  ChangeTitle: fc.record({ title }),
  ActivateIncident: none,
  MitigateIncident: fc.record({ summary: text }),
  ResolveIncident: fc.record({ summary: text }),
  BeginPostIncident: none,
  ReopenIncident: fc.record({ reason: text }),
  CloseIncident: none,
  CancelIncident: fc.record({ reason: text }),
  DeclineIncident: fc.record({ reason: text }),
  SetSeverity: fc.record({ level: fc.constantFrom(...severityLevels), reason: maybe(text) }),
  ContestSeverity: fc.record({ proposed: fc.constantFrom(...severityLevels), reason: text }),
  RecordContainment: fc.record({
    account: text,
    action: fc.constantFrom(...containmentActions),
    note: maybe(text),
  }),
  ReportDataLoss: fc.record({ text }),
  RuleOutDataLoss: fc.record({ reason: text }),
  EngageFunction: fc.record({
    function: fc.constantFrom(...engagedFunctions),
    person: maybe(person),
    reason: maybe(text),
  }),
  DeclareMajor: fc.record({ reason: text }),
  StandDownMajor: fc.record({ reason: text }),
  Reclassify: fc.record({ type: fc.constantFrom(...incidentTypes), reason: text }),
  EscalateNearMiss: fc.record({ reason: text }),
  EnterPhase: fc.record({ phase: fc.constantFrom(...phaseKeys) }),
  RecordDetection: fc.record({ source: fc.constantFrom(...detectionSources) }),
  RelayFeedback: fc.record({ audience: fc.constantFrom(...audiences), text }),
  AcknowledgeFeedback: fc.record({ eventId: fc.constant('of-the-last-event') }),
  DeferInstruction: fc.record({ from: person, text }),
  PromoteDeputy: fc.record({ person, reason: text }),
  RelieveResponder: fc.record({ person }),
  RemoveResponder: fc.record({ person, reason: text }),
  ReadmitResponder: fc.record({ person }),
  CreateSubteam: fc.record({ name: text, lead: person }),
  AddToSubteam: fc.record({ subteamId: text, person }),
  RemoveFromSubteam: fc.record({ subteamId: text, person }),
  DissolveSubteam: fc.record({ subteamId: text }),
  DeferRequest: fc.record({ from: person, text }),
  AnswerDeferredRequest: fc.record({ eventId: text, answer: text }),
  RecordSizeUp: fc.record({ situation: text }),
  RecordVerification: fc.record({
    result: fc.constantFrom(...verificationResults),
    finding: text,
  }),
  ProposeHypothesis: fc.record({ text }),
  SettleHypothesis: fc.record({
    eventId: fc.constant('of-the-last-event'),
    outcome: fc.constantFrom(...hypothesisOutcomes),
    evidence: text,
  }),
  DeferQuestion: fc.record({ text, kind: fc.constantFrom(...questionKinds) }),
  RecordContributingFactor: fc.record({
    category: fc.constantFrom(...factorCategories),
    statement: text,
  }),
  ProposeAction: fc.record({
    text: title,
    risks: fc.constant(['Lost orders']),
    pollMinutes: minutes,
  }),
  RaiseObjection: fc.record({ proposalId: taskId, strong: fc.boolean(), reason: text }),
  Decide: fc.record({
    proposalId: taskId,
    outcome: fc.constantFrom(...decisionOutcomes),
    rationale: text,
  }),
  ReverseDecision: fc.record({ eventId: fc.constant('of-the-last-event'), reason: text }),
  SetServices: fc.record({ services: someServices }),
  AddLink: fc.record({
    kind: fc.constantFrom(...linkKinds),
    url: fc.constant('https://example.org/1'),
  }),
  MergeIncident: fc.record({ into: other }),
  MarkDuplicate: fc.record({ of: other }),
  UnmergeIncident: fc.record({ reason: text }),
  SetParent: fc.record({ parent: other }),
  RemoveParent: none,
  RelateIncident: fc.record({ to: other, kind: relating }),
  UnrelateIncident: fc.record({ to: other, kind: relating }),
  AssignRole: fc.record({ role: fc.constantFrom(...roleKeys), person }),
  ReleaseRole: fc.record({ role: fc.constantFrom(...roleKeys), person, reason: text }),
  JoinIncident: none,
  ChangeParticipation: fc.record({ place: text }),
  LeaveIncident: none,
  OpenWarRoom: fc.record({ kind: fc.constant('PHYSICAL'), place: text }),
  CloseWarRoom: fc.record({ roomId: taskId }),
  LinkChannel: fc.record({ kind: fc.constant('SLACK'), ref: text }),
  UnlinkChannel: fc.record({ kind: fc.constant('SLACK'), ref: text }),
  InviteServiceOwners: fc.record({ services: someServices }),
  PageResponder: fc.record({ person, channel: fc.constant('SMS') }),
  AcknowledgePage: fc.record({ pageId: taskId }),
  RequestResponder: fc.oneof(fc.record({ person }), fc.record({ service: fc.constant('api') })),
  RespondToRequest: fc.record({ requestId: taskId, answer: fc.constantFrom('ACCEPT', 'DECLINE') }),
  Escalate: fc.record({ people: fc.array(person, { minLength: 1, maxLength: 2 }), reason: text }),
  AcknowledgeEscalation: fc.record({ escalationId: taskId }),
  ReleaseResponder: fc.record({ person, reason: text, evidence: shown }),
  DeclareNotInvolved: fc.record({ service: fc.constant('api'), reason: text, evidence: shown }),
  ClaimCommand: none,
  TakeCommand: fc.record({ reason: text }),
  OfferHandoff: fc.record({ to: person }),
  AcceptHandoff: none,
  DeclineHandoff: fc.record({ reason: text }),
  WithdrawHandoff: none,
  AssignTask: fc.record({ title, assignee, timeboxMinutes: minutes }),
  ReassignTask: fc.record({ taskId, assignee }),
  ExtendTask: fc.record({ taskId, minutes, reason: text }),
  RecordTask: fc.record({
    title,
    status: fc.constantFrom(...toldStatuses),
    assignee: maybe(person),
  }),
  AttachRunbook: fc.constant({ key: 'fail-over' }),
  AdoptPlan: fc.constant({ key: 'lost-region' }),
  StartPlaybook: none,
  CheckStep: fc.record({ ...ofStep, outcome: fc.constant('SKIPPED'), reason: text }),
  RequestApproval: fc.record(ofStep),
  ApproveStep: fc.record(ofStep),
  RefuseStep: fc.record({ ...ofStep, reason: text }),
  FlagFollowUp: fc.record({ text }),
  ApplyLearning: fc.record({ followUpId: taskId, evidence: text }),
  DropFollowUp: fc.record({ followUpId: taskId, reason: text }),
  RequestExtension: fc.record({ taskId, minutes, reason: text }),
  GrantExtension: fc.record({ taskId }),
  RefuseExtension: fc.record({ taskId, reason: text }),
  AcknowledgeTask: fc.record({ taskId }),
  ReportTask: fc.record({ taskId, finding: text }),
  CompleteTask: fc.record({ taskId }),
  AbandonTask: fc.record({ taskId, reason: text }),
  RecordObservation: fc.record({ text }),
  CorrectEntry: fc.record({ eventId: fc.constant('of-the-last-event'), text, reason: text }),
  RetractEntry: fc.record({ eventId: fc.constant('of-the-last-event'), reason: text }),
  SetVisibility: fc.record({ visibility: fc.constantFrom(...visibilityLevels), reason: text }),
  GrantMembership: fc.record({ person }),
  RevokeMembership: fc.record({ person }),
  SetCustomFields: fc.record({
    fields: fc.subarray(
      [
        { key: 'public', value: { boolean: true } },
        { key: 'region', value: { option: 'Asia' } },
        { key: 'channels', value: { options: ['web', 'app'] } },
        { key: 'contact', value: { person: 'bob' } },
        { key: 'affected', value: { number: 1.5 } },
      ],
      { minLength: 1 },
    ),
  }),
  AddLabels: fc.record({ labels: fc.subarray(['team:web', 'false-alarm'], { minLength: 1 }) }),
  RemoveLabels: fc.record({ labels: fc.subarray(['team:web', 'false-alarm'], { minLength: 1 }) }),
  MarkKey: fc.record({ eventId: fc.constant('of-the-last-event') }),
  UnmarkKey: fc.record({ eventId: fc.constant('of-the-last-event') }),
  AttachEvidence: fc.record({
    eventId: fc.constant('of-the-last-event'),
    url: fc.constant('https://example.org/2'),
    caption: text,
  }),
  ClearCustomField: fc.record({ key: fc.constantFrom('public', 'region', 'channels') }),
}

const { DeclareIncident: declare, ...others } = inputs
/** What ends an incident is asked seldom, tasks and relations often, however many commands there are. */
const weights: { readonly [type: string]: number } = {
  CancelIncident: 1,
  DeclineIncident: 1,
  CloseIncident: 1,
  ResolveIncident: 2,
  AssignTask: 90,
  RecordTask: 40,
  RelateIncident: 50,
  ProposeAction: 40,
  RaiseObjection: 90,
  SetParent: 20,
  RecordObservation: 20,
}
const command = fc.oneof(
  ...Object.entries(others).map(([type, data]) => ({
    arbitrary: fc.record({ type: fc.constant(type), data }),
    weight: weights[type] ?? 8,
  })),
) as unknown as fc.Arbitrary<IncidentCommand>

/** What somebody asks of one of several incidents, some minutes after the last. */
export interface Step {
  readonly incident: number
  /** Asked instead while it is not declared. */
  readonly declare: object
  readonly command: IncidentCommand
  readonly by: string
  readonly minutes: number
}
export const stepsOf = (
  incidents: number,
  maxLength: number,
  minLength = 0,
): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      incident: fc.nat(incidents - 1),
      declare,
      command,
      by: person,
      minutes: fc.integer({ min: 0, max: 20 }),
    }),
    { minLength, maxLength, size: 'max' },
  )

/** Much of what is asked is refused. */
const stepsPerEvent = 4

/** Always the same history, of so many events. */
export function exampleHistory(incidents: number, events: number): SealedEvent[] {
  const steps = events * stepsPerEvent
  const [asked] = fc.sample(stepsOf(incidents, steps, steps), { seed: 1, numRuns: 1 })
  return historyOf(asked!).slice(0, events)
}

interface Stream {
  incident: Incident
  events: SealedEvent[]
}

/** What is decided of all that is asked, sealed, in the order of the log; by choice, with what falls due. */
export function historyOf(steps: readonly Step[], timersFire = false): SealedEvent[] {
  const streams = new Map<string, Stream>()
  const log: SealedEvent[] = []
  let now = Date.parse('2026-01-01T12:00:00.000Z')
  for (const step of steps) {
    now += step.minutes * 60_000
    const name = `incident-${step.incident}`
    const stream = streams.get(name) ?? { incident: incidents.initial, events: [] }
    streams.set(name, stream)
    const clock = new Date(now).toISOString()
    if (timersFire) log.push(...fired(name, stream, step, clock))
    log.push(...decided(name, stream, step, clock, streams))
    if (timersFire) log.push(...noted(name, stream, step, clock, streams))
  }
  return log
}

type Streams = ReadonlyMap<string, Stream>

function decided(
  name: string,
  stream: Stream,
  step: Step,
  clock: string,
  streams: Streams,
): SealedEvent[] {
  const { type, data } =
    stream.events.length === 0
      ? { type: 'DeclareIncident', data: step.declare }
      : { type: step.command.type, data: { ...step.command.data } as Record<string, unknown> }
  if ('eventId' in data) data['eventId'] = stream.events.at(-1)!.id
  const before = stream.events.length
  try {
    const asked = { type, data } as unknown as IncidentCommand
    const { events, occurredAt } = incidents.decide(stream.incident, asked, {
      ...asking(stream, step, clock),
      made: madeFor(asked, step, streams),
    })
    for (const event of events) record(name, stream, { ...event, by: step.by, occurredAt, clock })
  } catch (error) {
    if (!(error instanceof Rejected)) throw error
  }
  return stream.events.slice(before)
}

/** As the handler tells a decision of the other incident that it is about. */
function madeFor(asked: IncidentCommand, { incident: number }: Step, streams: Streams) {
  const id = otherMeant(asked)
  const { incident = incidents.initial } = streams.get(`incident-${id}`) ?? {}
  const status = statusOf(incident)
  return {
    reference: `INC-${number + 1}`,
    ...(id !== undefined &&
      status !== 'NONE' && {
        other: {
          id,
          isSelf: id === String(number),
          status,
          mode: incident.declaration.mode,
          hasRoom: true,
          above: [],
          isBelow: false,
        },
      }),
  }
}

/** Some of what the incident said of others is noted there, in the order in which it was said. */
function noted(
  name: string,
  { incident }: Stream,
  step: Step,
  clock: string,
  streams: Streams,
): SealedEvent[] {
  const from = name.slice('incident-'.length)
  return saidBy(incident)
    .slice(0, step.minutes)
    .flatMap(({ to, kind, holds, revision: fromRevision, at: occurredAt }) => {
      const target = streams.get(`incident-${to}`)!
      const data = { from, fromRevision, kind, holds }
      const asked = asking(target, step, clock)
      return incidents
        .decide(target.incident, { type: 'NoteCounterpart', data }, asked)
        .events.map(event => {
          record(`incident-${to}`, target, { ...event, by: 'counterpart', occurredAt, clock })
          return target.events.at(-1)!
        })
    })
}

/** Some of what is due in an incident, before it goes on. */
function fired(name: string, stream: Stream, step: Step, clock: string): SealedEvent[] {
  const before = stream.events.length
  for (const timer of timersOf(stream.incident).slice(0, step.minutes % 3)) {
    const { dueAt: occurredAt } = timer
    const asked = asking(stream, step, clock)
    for (const event of incidents.decide(stream.incident, commandOf(timer), asked).events)
      record(name, stream, { ...event, by: timer.kind, occurredAt, clock })
  }
  return stream.events.slice(before)
}

const asking = (
  { incident, events }: Stream,
  { by, incident: number }: Step,
  clock: string,
): Asking => ({
  actor: { type: 'USER', id: by },
  clock,
  revision: events.length - 1,
  overrides: false,
  newId: () => `task-${incident.tasks.size + incident.proposals.size + 1}`,
  key: (id: string) => id,
  person: id => id,
  called: id => [id],
  event: id => events.find(event => event.id === id),
  policy,
  made: { reference: `INC-${number + 1}` },
})

function record(
  name: string,
  stream: Stream,
  { type, data, by, occurredAt, clock }: Happened,
): void {
  const event = eventOf(name, stream.events, { type, data, by, occurredAt, clock })
  stream.incident = incidents.evolve(stream.incident, {
    ...(JSON.parse(event.bytes) as object),
    id: event.id,
  } as IncidentEvent)
  stream.events.push(event)
}

import fc from 'fast-check'
import { ERASED, type Timing } from '../../src/decider/facet.js'
import { modes } from '../../src/incident/declaration.js'
import { channelKinds } from '../../src/incident/channel-kinds.js'
import { effects } from '../../src/incident/incident-kinds.js'
import { incidentTypes } from '../../src/incident/incident-kinds.js'
import { isAboutRecord } from '../../src/incident/entry.js'
import type { Events } from '../../src/incident/incident.js'
import { stepOutcomes } from '../../src/incident/checklist.js'
import { detectionSources } from '../../src/incident/detection.js'
import { factorCategories } from '../../src/incident/contributing-factors.js'
import { verificationResults } from '../../src/incident/cycle.js'
import { hypothesisOutcomes } from '../../src/incident/hypotheses.js'
import { questionKinds } from '../../src/incident/questions.js'
import { decisionOutcomes } from '../../src/incident/decisions.js'
import { audiences } from '../../src/incident/audiences.js'
import { linkKinds } from '../../src/incident/links.js'
import { parkedUntils } from '../../src/incident/parking-lot.js'
import { pageChannels } from '../../src/incident/pages.js'
import { containmentActions } from '../../src/incident/containment.js'
import { engagedFunctions } from '../../src/incident/engaged-functions.js'
import { phaseKeys } from '../../src/incident/phases.js'
import { answers } from '../../src/incident/requests.js'
import { warRoomKinds } from '../../src/incident/war-rooms.js'
import { toldStatuses } from '../../src/incident/recorded-task.js'
import { relationKinds } from '../../src/incident/related.js'
import { roleKeys } from '../../src/incident/role-keys.js'
import { severityLevels } from '../../src/incident/severity-levels.js'
import { visibilityLevels } from '../../src/incident/visibility-levels.js'
import type { StreamEvent } from '../../src/replays/incident-at.js'
import { id, minute, stream } from './story.js'

type Arbitraries = { [E in keyof Events]: fc.Arbitrary<Events[E]> }

const nasty = fc.constantFrom(
  ERASED,
  '# heading',
  'a | b\n| - | - |\n',
  '```\n<script>alert(1)</script>\n~~~',
  '](javascript:alert(1)) ![x](y)',
  '\n\n    indented\r\n\u2028- item\n1. one\n---\n===',
  '<!-- ',
  '&lt;b&gt; \\',
  '[1]: https://evil.example\n[^1]: note',
  '__proto__',
)
const text = fc.oneof(nasty, fc.string({ minLength: 1, unit: 'binary' }))
const person = fc.constantFrom('alice', 'bob', ERASED, '__proto__')
const at = fc.integer({ min: -2000, max: 5000 }).map(minute)
const eventId = fc.integer({ min: 0, max: 40 }).map(id)
const taskId = fc.constantFrom('1', '2', 'constructor')
const url = fc.constantFrom(
  'https://a.example/(b',
  'http://[x]?<y>&z',
  'javascript:alert(1)',
  ERASED,
)
const timing = fc.constantFrom<Timing>('APPROXIMATE', 'UNKNOWN')
const optional = { requiredKeys: [] as [] }
const maybe = <Value>(field: string, value: fc.Arbitrary<Value>) =>
  fc.record({ [field]: value }, optional)
const both = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map(all => Object.assign({}, ...all)) as fc.Arbitrary<any>
const other = fc.constantFrom('incident-b', ERASED)
const yes = fc.constant(true as const)
const relating = fc.constantFrom(...relationKinds)
const said = fc.record({ from: other, fromRevision: fc.nat(40) })
const people = fc.oneof(fc.constant(ERASED), fc.array(person, { maxLength: 3 }))
const evidence = fc.oneof(
  fc.constant(ERASED),
  fc.array(both(fc.record({ url }), maybe('label', text)), { maxLength: 3 }),
)
const participation = fc.record(
  {
    team: text,
    function: text,
    place: text,
    timeZone: text,
    channel: fc.constantFrom(...channelKinds),
  },
  optional,
)
const handedOver = fc.record({ from: person, to: person })

const ofStep = { checklistId: taskId, step: fc.constantFrom('stop', 'switch', '__proto__') }
const takenUp: fc.Arbitrary<any> = fc.record({
  checklistId: taskId,
  key: fc.constantFrom('fail-over', 'lost-region'),
  version: fc.integer({ min: 1, max: 9 }),
  name: text,
  inOrder: fc.boolean(),
  steps: fc.oneof(
    fc.constant(ERASED),
    fc.array(fc.record({ key: ofStep.step, title: text, needsApproval: fc.boolean() })),
  ),
})

/** One per event: an event without one does not compile. */
const datas: Arbitraries = {
  IncidentDeclared: both(
    fc.record({
      reference: fc.constant('INC-7'),
      title: text,
      type: fc.constantFrom(...incidentTypes),
      mode: fc.constantFrom(...modes),
      status: fc.constantFrom('TRIAGE', 'ACTIVE'),
    }),
    maybe('effect', fc.constantFrom(...effects)),
  ),
  TitleChanged: fc.record({ title: text }),
  IncidentActivated: fc.constant({}),
  IncidentMitigated: fc.record({ summary: text }),
  IncidentResolved: fc.record({ summary: text }),
  PostIncidentBegun: fc.constant({}),
  IncidentReopened: fc.record({ reason: text }),
  IncidentClosed: both(maybe('reason', text), maybe('openConcerns', fc.nat(3))),
  IncidentCancelled: fc.record({ reason: text }),
  IncidentDeclined: fc.record({ reason: text }),
  SeveritySet: both(
    fc.record({ level: fc.constantFrom(...severityLevels) }),
    maybe('reason', text),
  ),
  SeverityContested: fc.record({
    level: fc.constantFrom(...severityLevels),
    proposed: fc.constantFrom(...severityLevels),
    reason: text,
  }),
  MajorIncidentDeclared: fc.record({ reason: text }),
  MajorIncidentStoodDown: fc.record({ reason: text }),
  RequirementsSet: fc.record({
    roles: fc.oneof(fc.constant(ERASED as never), fc.subarray([...roleKeys])),
    warRoom: fc.boolean(),
    serviceOwners: fc.boolean(),
    withinMinutes: fc.nat(60),
    rotationMinutes: fc.nat(600),
  }),
  IncidentReclassified: fc.record({
    from: fc.constantFrom(...incidentTypes),
    to: fc.constantFrom(...incidentTypes),
    reason: text,
  }),
  NearMissReported: fc.constant({}),
  NearMissEscalated: fc.record({ reason: text }),
  ContainmentActionRecorded: both(
    fc.record({ account: text, action: fc.constantFrom(...containmentActions) }),
    maybe('note', text),
  ),
  DataLossReported: fc.record({ text }),
  DataLossRuledOut: fc.record({ reason: text }),
  FunctionEngaged: both(
    fc.record({ function: fc.constantFrom(...engagedFunctions) }),
    maybe('person', person),
    maybe('reason', text),
    maybe('byType', fc.constant(true)),
  ),
  PhaseEntered: fc.record({ phase: fc.constantFrom(...phaseKeys) }),
  DetectionRecorded: fc.record({ source: fc.constantFrom(...detectionSources) }),
  FeedbackRelayed: fc.record({ audience: fc.constantFrom(...audiences), text }),
  FeedbackAcknowledged: fc.record({ eventId }),
  InstructionDeferred: fc.record({ from: person, text }),
  DeputyPromoted: both(handedOver, fc.record({ reason: text })),
  SizeUpRecorded: both(
    fc.record({ situation: text }),
    maybe('impact', text),
    maybe('nextUpdateBy', at),
  ),
  VerificationRecorded: fc.record({
    result: fc.constantFrom(...verificationResults),
    finding: text,
  }),
  HypothesisProposed: both(fc.record({ text }), maybe('evidence', text)),
  HypothesisSettled: fc.record({
    eventId,
    outcome: fc.constantFrom(...hypothesisOutcomes),
    evidence: text,
  }),
  QuestionDeferred: fc.record({ text, kind: fc.constantFrom(...questionKinds) }),
  ContributingFactorRecorded: fc.record({
    category: fc.constantFrom(...factorCategories),
    statement: text,
  }),
  ActionProposed: both(
    fc.record({
      proposalId: taskId,
      text,
      risks: fc.oneof(fc.constant(ERASED), fc.array(text, { maxLength: 2 })),
      decideBy: at,
    }),
    maybe('affects', text),
  ),
  ObjectionRaised: fc.record({ proposalId: taskId, strong: fc.boolean(), reason: text }),
  DecisionMade: both(
    fc.record({
      outcome: fc.constantFrom(...decisionOutcomes),
      objectionsHeard: fc.nat(3),
      overruled: fc.boolean(),
    }),
    fc.oneof(fc.record({ proposalId: taskId }), fc.record({ text })),
    maybe('rationale', text),
  ),
  DecisionReversed: fc.record({ eventId, reason: text }),
  DecisionOverdue: fc.record({ proposalId: taskId, dueAt: at }),
  ServicesSet: fc.record({ services: fc.array(fc.constantFrom('checkout', ERASED, 'a|b')) }),
  LinkAdded: both(fc.record({ kind: fc.constantFrom(...linkKinds), url }), maybe('label', text)),
  CommandClaimed: fc.record({ commander: person }),
  CommandAssigned: fc.record({ commander: person }),
  CommandTaken: fc.record({ from: person, commander: person, reason: text }),
  CommandReleased: fc.record({ commander: person, reason: text }),
  HandoffOffered: both(fc.record({ to: person, briefRevision: fc.nat(40) }), maybe('note', text)),
  HandoffAccepted: handedOver,
  HandoffDeclined: fc.record({ to: person, reason: text }),
  HandoffWithdrawn: fc.record({ to: person }),
  HandoffVoided: fc.record({ to: person }),
  RoleAssigned: both(
    fc.record({ person, role: fc.constantFrom(...roleKeys) }),
    maybe('service', fc.constant('checkout')),
  ),
  RoleReleased: both(
    fc.record({ person, role: fc.constantFrom(...roleKeys) }),
    maybe('reason', text),
  ),
  ResponderJoined: both(fc.record({ person }), participation),
  ParticipationChanged: both(fc.record({ person }), participation),
  ResponderLeft: fc.record({ person }),
  RequiredRoleVacant: fc.record({ role: fc.constantFrom(...roleKeys), dueAt: at }),
  RotationDue: fc.record({ person, dueAt: at }),
  ResponderRelieved: both(fc.record({ person }), maybe('relief', person), maybe('reason', text)),
  ResponderRemoved: both(
    fc.record({ person }),
    fc.oneof(fc.record({ reason: text }), fc.record({ privateReason: text })),
  ),
  ResponderReadmitted: both(fc.record({ person }), maybe('reason', text)),
  SubteamFormed: both(
    fc.record({ subteamId: taskId, name: text, lead: person }),
    maybe('members', fc.oneof(fc.constant(ERASED), fc.array(person))),
    maybe('within', taskId),
  ),
  SubteamMemberAdded: fc.record({ subteamId: taskId, person }),
  SubteamMemberRemoved: fc.record({ subteamId: taskId, person }),
  SubteamDissolved: both(fc.record({ subteamId: taskId }), maybe('reason', text)),
  RequestDeferred: fc.record({ from: person, text, until: fc.constantFrom(...parkedUntils) }),
  DeferredRequestAnswered: fc.record({ eventId, answer: text }),
  WarRoomOpened: both(
    fc.record({ roomId: taskId, kind: fc.constantFrom(...warRoomKinds) }),
    fc.record({ url, place: text }, optional),
  ),
  WarRoomClosed: fc.record({ roomId: taskId }),
  ChannelLinked: fc.record({ kind: fc.constantFrom(...channelKinds), ref: text }),
  ChannelUnlinked: fc.record({ kind: fc.constantFrom(...channelKinds), ref: text }),
  ResponderInvited: fc.record({ person, service: text }),
  ResponderPaged: both(
    fc.record({ pageId: taskId, person, channel: fc.constantFrom(...pageChannels) }),
    fc.record({ reference: text }),
    maybe('warRoom', text),
  ),
  PageAcknowledged: fc.record({ pageId: taskId }),
  ResponderRequested: both(
    fc.record({ requestId: taskId }),
    fc.record(
      { person, role: fc.constantFrom(...roleKeys), service: text, reason: text },
      optional,
    ),
    maybe('owners', people),
  ),
  ResponderReplied: both(
    fc.record({ requestId: taskId, person, answer: fc.constantFrom(...answers) }),
    fc.record({ expectedAt: at, reason: text }, optional),
  ),
  IncidentEscalated: both(
    fc.record({ escalationId: taskId, from: people, to: people, reason: text }),
    fc.record({ tiersSkipped: fc.nat(5) }),
    fc.record({ service: text, tier: fc.nat(5), nextAt: at }, optional),
  ),
  EscalationAcknowledged: fc.record({ escalationId: taskId }),
  ResponderReleased: both(fc.record({ person, reason: text }), fc.record({ evidence })),
  ResponderCleared: both(fc.record({ service: text, reason: text }), fc.record({ evidence })),
  TaskAssigned: both(
    fc.record({ taskId, title: text, assignee: person, dueAt: at }),
    maybe('viaRole', fc.constantFrom(...roleKeys)),
  ),
  TaskReassigned: both(
    fc.record({ taskId, from: person, assignee: person }),
    maybe('reason', text),
  ),
  TaskExtended: fc.record({ taskId, dueAt: at, reason: text }),
  TaskRecorded: both(
    fc.record({ taskId, title: text, status: fc.constantFrom(...toldStatuses) }),
    maybe('assignee', person),
  ),
  TaskAcknowledged: fc.record({ taskId }),
  TaskReported: fc.record({ taskId, finding: text }),
  TaskCompleted: both(fc.record({ taskId }), maybe('finding', text)),
  TaskAbandoned: fc.record({ taskId, reason: text }),
  TaskTimeboxExpired: fc.record({ taskId, dueAt: at }),
  RunbookAttached: both(takenUp, maybe('playbook', yes)),
  PlanAdopted: takenUp,
  StepChecked: both(
    fc.record({ ...ofStep, outcome: fc.constantFrom(...stepOutcomes) }),
    maybe('reason', text),
  ),
  StepApprovalRequested: both(fc.record(ofStep), maybe('of', person)),
  StepApprovalGranted: fc.record(ofStep),
  StepApprovalRefused: fc.record({ ...ofStep, reason: text }),
  FollowUpFlagged: fc.record({ followUpId: taskId, text }),
  LearningApplied: both(fc.record({ followUpId: taskId, evidence: text }), maybe('url', url)),
  FollowUpDropped: fc.record({ followUpId: taskId, reason: text }),
  ExtensionRequested: fc.record({ taskId, minutes: fc.nat(1440), reason: text, dueAt: at }),
  ExtensionGranted: fc.record({ taskId, minutes: fc.nat(1440) }),
  ExtensionRefused: fc.record({ taskId, reason: text }),
  ObservationRecorded: both(fc.record({ text }), maybe('evidence', evidence)),
  EntryCorrected: both(
    fc.record({ eventId, reason: text }),
    fc.record({ text, occurredAt: at, timing }, optional),
  ),
  EntryRetracted: fc.record({ eventId, reason: text }),
  VisibilitySet: both(
    fc.record({ visibility: fc.constantFrom(...visibilityLevels) }),
    maybe('people', fc.oneof(fc.constant(ERASED), fc.array(person))),
    maybe('reason', text),
  ),
  MembershipGranted: fc.record({ person }),
  MembershipRevoked: both(fc.record({ person }), maybe('reason', text)),
  IncidentMerged: both(
    fc.record({ into: other }),
    fc.record({ duplicate: yes, reason: text }, optional),
  ),
  IncidentUnmerged: both(fc.record({ into: other, reason: text }), maybe('circle', yes)),
  ParentSet: fc.record({ parent: other }),
  ParentRemoved: both(
    fc.record({ parent: other }),
    fc.record({ circle: yes, reason: text }, optional),
  ),
  IncidentRelated: fc.record({ to: other, kind: relating }),
  IncidentUnrelated: fc.record({ to: other, kind: relating }),
  IncidentAbsorbed: both(said, maybe('duplicate', yes)),
  IncidentReleased: said,
  ChildAdded: said,
  ChildRemoved: said,
  RelationNoted: both(said, fc.record({ kind: relating })),
  RelationDropped: both(said, fc.record({ kind: relating })),
  LabelsAdded: fc.record({ labels: fc.oneof(fc.constant(ERASED as never), fc.array(text)) }),
  LabelsRemoved: fc.record({ labels: fc.oneof(fc.constant(ERASED as never), fc.array(text)) }),
  KeyEntryMarked: fc.record({ eventId }),
  KeyEntryUnmarked: fc.record({ eventId }),
  EvidenceAttached: both(
    fc.record({ eventId, url, caption: text }),
    maybe('sha256', fc.constant('0'.repeat(64))),
  ),
  CustomFieldSet: both(
    fc.record({ key: fc.constantFrom('cause', '__proto__'), name: text }),
    fc.oneof(
      fc.record({ text }),
      fc.record({ number: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      fc.record({ options: fc.oneof(fc.constant(ERASED), fc.array(text)) }),
      fc.record({ person }),
      fc.record({ link: url }),
    ),
  ),
  CustomFieldCleared: fc.record({ key: fc.constantFrom('cause', '__proto__'), name: text }),
}

const envelope = both(
  fc.record({
    occurredAt: at,
    schemaVersion: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 2),
    actor: fc.oneof(
      fc.record({ type: fc.constant('USER'), id: person }),
      fc.constant({ type: 'SYSTEM', id: 'import' }),
      fc.constant({ type: 'TIMER', id: 'task-timebox' }),
    ),
    mode: fc.constantFrom(...modes),
  }),
  fc.record({ timing, occurredUntil: at, causationId: eventId }, optional),
)

function events(types: (keyof Events)[]): fc.Arbitrary<StreamEvent[]> {
  const one = fc
    .constantFrom(...types)
    .chain(type => both(envelope, fc.record({ type: fc.constant(type), data: datas[type] })))
  return fc.array(fc.tuple(one, fc.nat(600)), { maxLength: 40 }).map(all => {
    let recorded = 0
    return stream(
      ...all.map(([event, later]) => ({ ...event, recordedAt: minute((recorded += later)) })),
    )
  })
}

const every = Object.keys(datas) as (keyof Events)[]

/** Any events in any order, likely or not: what is stored must be told, whatever it is. */
export const anyHistory = events(every)

/** The same without what only says something of other entries: corrections, marks, evidence. */
export const uncorrectedHistory = events(every.filter(type => !isAboutRecord({ type })))

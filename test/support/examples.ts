import type { Events } from '../../src/incident/incident.js'
import type { OrganisationEvents } from '../../src/organisation/organisation.js'
import {
  type Envelope,
  firstHash,
  seal,
  type StoredEvent,
} from '../../src/event-store/stored-event.js'
import { at } from './given.js'

type Data = {
  readonly [E in keyof (Events & OrganisationEvents)]: Readonly<(Events & OrganisationEvents)[E]>
}
const alice = '0198c0de-0000-7000-8000-000000000001'
const bob = '0198c0de-0000-7000-8000-000000000002'
const taskId = '0198c0de-0000-7000-8000-000000000003'
const keyId = '0198c0de-0000-7000-8000-000000000004'
const eventId = '0198c0de-0000-8000-8000-000000000005'
const otherId = '0198c0de-0000-7000-8000-00000000000b'
const reason = 'Zwölf Server – 🔥'
const dueAt = at('12:15')

/**
 * What a stored event of each type says, with every optional field that it had at first. An event
 * without its example does not compile. New ones come last, because each follows the one before.
 */
export const examples: Data = {
  IncidentDeclared: {
    reference: 'INC-1',
    title: 'Checkout fails',
    type: 'SERVICE',
    mode: 'DRILL',
    status: 'TRIAGE',
    effect: 'OUTAGE',
  },
  TitleChanged: { title: 'Payment fails' },
  IncidentActivated: {},
  IncidentMitigated: { summary: 'Rolled back' },
  IncidentResolved: { summary: 'Fixed' },
  IncidentReopened: { reason },
  IncidentClosed: { reason },
  IncidentCancelled: { reason },
  IncidentDeclined: { reason },
  SeveritySet: { level: 'SEV2', reason },
  ServicesSet: { services: ['api', 'web'] },
  LinkAdded: { kind: 'DASHBOARD', url: 'https://grafana.example.com/d/1', label: 'Errors' },
  CommandClaimed: { commander: alice },
  CommandAssigned: { commander: alice },
  CommandTaken: { from: alice, commander: bob, reason },
  CommandReleased: { commander: bob, reason },
  HandoffOffered: { to: bob, briefRevision: 15, note: 'Mind the lag' },
  HandoffAccepted: { from: alice, to: bob },
  HandoffDeclined: { to: bob, reason },
  HandoffWithdrawn: { to: bob },
  HandoffVoided: { to: bob },
  RoleAssigned: { person: bob, role: 'SUBJECT_MATTER_EXPERT', service: 'api' },
  RoleReleased: { person: bob, role: 'SUBJECT_MATTER_EXPERT', service: 'api', reason },
  ResponderJoined: { person: bob },
  ResponderLeft: { person: bob },
  TaskAssigned: { taskId, title: 'Fail over', assignee: bob, viaRole: 'DEPUTY', dueAt },
  TaskReassigned: { taskId, from: bob, assignee: alice, viaRole: 'SCRIBE', reason },
  TaskExtended: { taskId, dueAt, reason },
  TaskAcknowledged: { taskId },
  TaskReported: { taskId, finding: 'A lock' },
  TaskCompleted: { taskId, finding: 'A lock' },
  TaskAbandoned: { taskId, reason },
  ObservationRecorded: {
    text: 'Errors rise',
    evidence: [{ url: 'https://grafana.example.com/d/1', label: 'Errors' }],
  },
  EntryCorrected: {
    eventId,
    text: 'Errors fall',
    occurredAt: at('11:50'),
    timing: 'APPROXIMATE',
    reason,
  },
  EntryRetracted: { eventId, reason },
  PersonRegistered: {
    personId: alice,
    handle: 'alice',
    name: 'Alice A.',
    timeZone: 'Europe/Zurich',
    identities: [{ provider: 'slack', subject: 'U024BE7LH' }],
  },
  PersonUpdated: {
    personId: alice,
    handle: 'alice.b',
    name: 'Alice B.',
    timeZone: 'UTC',
    identities: [],
  },
  ApiKeyCreated: {
    keyId,
    label: 'Chat bot',
    digest: '0'.repeat(64),
    scopes: ['act:as', 'incidents:write'],
    owner: alice,
    expiresAt: '2027-01-01T00:00:00.000Z',
  },
  ApiKeyRevoked: { keyId, reason },
  TaskTimeboxExpired: { taskId, dueAt },
  PostIncidentBegun: {},
  VisibilitySet: { visibility: 'RESTRICTED', people: [alice, bob], keys: [keyId], reason },
  MembershipGranted: { person: alice },
  MembershipRevoked: { key: keyId, reason },
  LedgerRecovered: {
    what: 'Damaged at position 5: is missing.',
    kept: 7,
    lost: 3,
    ends: [{ stream: 'incident-0198c0de-0000-7000-8000-000000000006', revision: 4, events: 2 }],
    endsInAll: 1,
  },
  IncidentMerged: { into: otherId, duplicate: true, reason },
  IncidentUnmerged: { into: otherId, circle: true, reason },
  ParentSet: { parent: otherId },
  ParentRemoved: { parent: otherId, circle: true, reason },
  IncidentRelated: { to: otherId, kind: 'CAUSED_BY' },
  IncidentUnrelated: { to: otherId, kind: 'CAUSED_BY' },
  IncidentAbsorbed: { from: otherId, fromRevision: 7, duplicate: true },
  IncidentReleased: { from: otherId, fromRevision: 8 },
  ChildAdded: { from: otherId, fromRevision: 9 },
  ChildRemoved: { from: otherId, fromRevision: 10 },
  RelationNoted: { from: otherId, fromRevision: 11, kind: 'RELATED' },
  RelationDropped: { from: otherId, fromRevision: 12, kind: 'RELATED' },
  CustomFieldDefined: {
    key: 'region',
    name: 'Region',
    type: 'SINGLE_SELECT',
    description: 'Where it happened',
    options: ['Europe', 'Asia'],
    required: true,
  },
  CustomFieldChanged: {
    key: 'region',
    name: 'Regions',
    description: 'Where it was felt',
    options: ['Europe'],
    required: false,
  },
  CustomFieldRetired: { key: 'region', reason },
  CustomFieldSet: {
    key: 'region',
    name: 'Region',
    text: 'Words',
    number: 12.5,
    boolean: true,
    date: '2026-01-31',
    option: 'Europe',
    options: ['Europe', 'Asia'],
    person: alice,
    link: 'https://example.com/r',
  },
  CustomFieldCleared: { key: 'region', name: 'Region' },
  SeverityContested: { level: 'SEV2', proposed: 'SEV1', reason },
  MajorIncidentDeclared: { reason },
  MajorIncidentStoodDown: { reason },
  IncidentReclassified: { from: 'SERVICE', to: 'SECURITY', reason },
  NearMissReported: {},
  NearMissEscalated: { reason },
  DetectionRecorded: { source: 'MONITORING' },
  FeedbackRelayed: { audience: 'CUSTOMERS', text: 'They cannot pay' },
  FeedbackAcknowledged: { eventId },
  InstructionDeferred: { from: bob, text: 'Restart everything' },
  DeputyPromoted: { from: alice, to: bob, reason },
  LabelsAdded: { labels: ['customer:Acme', 'false-alarm'] },
  LabelsRemoved: { labels: ['false-alarm'] },
  KeyEntryMarked: { eventId },
  KeyEntryUnmarked: { eventId },
  EvidenceAttached: {
    eventId,
    url: 'https://grafana.example.com/d/2',
    sha256: 'a'.repeat(64),
    caption: 'Errors by region',
  },
  IncidentTemplateDefined: {
    key: 'failover',
    version: 2,
    name: 'Database failover',
    title: 'The database failed over',
    severity: 'SEV2',
    type: 'SERVICE',
    effect: 'DEGRADATION',
    services: ['db'],
    labels: ['team:data'],
    customFields: [{ key: 'region', value: { option: 'Europe' } }],
    guidance: 'Look at the lag first',
  },
  IncidentTemplateRetired: { key: 'failover', reason },
  RunbookDefined: {
    key: 'fail-over',
    version: 1,
    name: 'Fail over',
    description: 'When the first database is gone',
    inOrder: true,
    steps: [
      { key: 'stop', title: 'Stop writing', instructions: 'Set the flag', needsApproval: true },
      { key: 'switch', title: 'Switch over', needsApproval: false },
    ],
  },
  RunbookRetired: { key: 'fail-over', reason },
  PlanDefined: {
    key: 'lost-region',
    version: 1,
    name: 'A region is lost',
    description: 'Power or network',
    types: ['SERVICE'],
    severities: ['SEV1', 'SEV2'],
    services: ['api', 'web'],
    inOrder: false,
    steps: [{ key: 'dns', title: 'Move traffic', needsApproval: false }],
  },
  PlanRetired: { key: 'lost-region', reason },
  RequirementsSet: {
    roles: ['INCIDENT_COMMANDER', 'SCRIBE'],
    warRoom: true,
    serviceOwners: false,
    withinMinutes: 10,
    rotationMinutes: 60,
  },
  RequiredRoleVacant: { role: 'SCRIBE', dueAt },
  RotationDue: { person: bob, dueAt },
  ParticipationChanged: {
    person: bob,
    team: 'Payments',
    function: 'Database engineer',
    place: 'Zürich',
    timeZone: 'Europe/Zurich',
    channel: 'ZOOM',
  },
  GroupDefined: { handle: 'data-team', name: 'Data team', members: [alice, bob] },
  GroupRetired: { handle: 'data-team', reason },
  RoleDefined: {
    role: 'SCRIBE',
    version: 2,
    name: 'Scribe',
    duties: ['Writes down what is seen and done'],
    instructions: 'Open the timeline first',
    exclusive: false,
    required: true,
    qualified: true,
  },
  QualificationGranted: {
    person: alice,
    role: 'INCIDENT_COMMANDER',
    expiresAt: '2027-01-01T00:00:00.000Z',
  },
  QualificationRevoked: { person: alice, role: 'INCIDENT_COMMANDER', reason },
  ExtensionRequested: { taskId, minutes: 20, reason, dueAt },
  ExtensionGranted: { taskId, minutes: 20 },
  ExtensionRefused: { taskId, reason },
  ServiceOwnerRegistered: {
    service: 'checkout-api',
    name: 'Checkout',
    team: 'Payments',
    owners: [alice],
    contacts: [{ kind: 'CHAT', value: '#payments' }],
    escalation: [{ people: [bob], afterMinutes: 10 }],
  },
  ServiceOwnerRetired: { service: 'checkout-api', reason },
  RunbookAttached: {
    checklistId: taskId,
    key: 'fail-over',
    version: 2,
    name: 'Fail over',
    inOrder: true,
    steps: [
      { key: 'stop', title: 'Stop writing', instructions: 'Set the flag', needsApproval: true },
      { key: 'switch', title: 'Switch over', needsApproval: false },
    ],
    playbook: true,
  },
  PlanAdopted: {
    checklistId: taskId,
    key: 'lost-region',
    version: 1,
    name: 'A region is lost',
    inOrder: false,
    steps: [{ key: 'dns', title: 'Move traffic', needsApproval: false }],
  },
  StepChecked: { checklistId: taskId, step: 'switch', outcome: 'DEVIATED', reason },
  StepApprovalRequested: { checklistId: taskId, step: 'stop', of: bob },
  StepApprovalGranted: { checklistId: taskId, step: 'stop' },
  StepApprovalRefused: { checklistId: taskId, step: 'stop', reason },
  FollowUpFlagged: { followUpId: taskId, text: 'Alert on the lag' },
  LearningApplied: {
    followUpId: taskId,
    evidence: 'The alert fired in a drill',
    url: 'https://example.com/drill',
  },
  FollowUpDropped: { followUpId: taskId, reason },
  ActionProposed: {
    proposalId: taskId,
    text: 'Fail over',
    risks: ['Orders of the last minute are lost'],
    affects: 'checkout',
    decideBy: dueAt,
  },
  ObjectionRaised: { proposalId: taskId, strong: true, reason },
  DecisionMade: {
    proposalId: taskId,
    text: 'Roll back',
    outcome: 'APPROVE',
    rationale: reason,
    objectionsHeard: 1,
    overruled: true,
  },
  DecisionReversed: { eventId, reason },
  DecisionOverdue: { proposalId: taskId, dueAt },
  SizeUpRecorded: { situation: 'Writes fail', impact: 'Nobody can pay', nextUpdateBy: dueAt },
  VerificationRecorded: { result: 'HOLDING', finding: 'No errors' },
  HypothesisProposed: { text: 'A lock', evidence: 'Lock waits rise' },
  HypothesisSettled: { eventId, outcome: 'REFUTED', evidence: 'No lock waits' },
  QuestionDeferred: { text: 'Who did that?', kind: 'BLAME' },
  ContributingFactorRecorded: { category: 'CAPACITY', statement: 'The disk was full' },
}

const ofOrganisation: Record<keyof OrganisationEvents, true> = {
  PersonRegistered: true,
  PersonUpdated: true,
  GroupDefined: true,
  GroupRetired: true,
  RoleDefined: true,
  QualificationGranted: true,
  QualificationRevoked: true,
  ServiceOwnerRegistered: true,
  ServiceOwnerRetired: true,
  ApiKeyCreated: true,
  ApiKeyRevoked: true,
  LedgerRecovered: true,
  CustomFieldDefined: true,
  CustomFieldChanged: true,
  CustomFieldRetired: true,
  IncidentTemplateDefined: true,
  IncidentTemplateRetired: true,
  RunbookDefined: true,
  RunbookRetired: true,
  PlanDefined: true,
  PlanRetired: true,
}
export const isOfOrganisation = (type: string) => Object.hasOwn(ofOrganisation, type)

const shared = {
  schemaVersion: 1,
  occurredAt: at('12:00'),
  recordedAt: at('12:01'),
  correlationId: '0af7651916cd43dd8448eb211c80319c',
}
/** In an incident every member of the envelope is there. */
const inIncident = {
  ...shared,
  stream: `incident-${'0198c0de-0000-7000-8000-000000000006'}`,
  timing: 'APPROXIMATE',
  occurredUntil: at('12:30'),
  actor: { type: 'USER', id: alice, via: keyId },
  overrideReason: 'Nobody answers',
  mode: 'DRILL',
  policyRevision: 7,
  causationId: eventId,
  commandId: 'chat-1',
  commandDigest: 'f'.repeat(64),
} satisfies Partial<Envelope>
const inOrganisation = {
  ...shared,
  stream: 'organisation',
  actor: { type: 'SYSTEM', id: 'first-start' },
  mode: 'LIVE',
} satisfies Partial<Envelope>

export type Stored = Omit<StoredEvent, 'position'>

/** The examples as they are stored, each following the one before it in its stream. */
export function sealedExamples(): { readonly event: Stored; readonly bytes: string }[] {
  const last = new Map<string, { revision: number; hash: string }>()
  return Object.entries(examples).map(([type, data]) => {
    const members = isOfOrganisation(type) ? inOrganisation : inIncident
    const { stream } = members
    const before = last.get(stream) ?? { revision: -1, hash: firstHash(stream) }
    const envelope: Envelope = { ...members, revision: before.revision + 1, type, data }
    const { id, hash, bytes } = seal(before.hash, envelope)
    last.set(stream, { revision: envelope.revision, hash })
    return { event: { ...envelope, id, hash }, bytes }
  })
}

import fc from 'fast-check'
import { modes } from '../../src/incident/declaration.js'
import { channelKinds } from '../../src/incident/channel-kinds.js'
import { effects } from '../../src/incident/incident-kinds.js'
import { incidentKinds, incidentTypes } from '../../src/incident/incident-kinds.js'
import { detectionSources } from '../../src/incident/detection.js'
import { stepOutcomes } from '../../src/incident/checklist.js'
import { factorCategories } from '../../src/incident/contributing-factors.js'
import { verificationResults } from '../../src/incident/cycle.js'
import { hypothesisOutcomes } from '../../src/incident/hypotheses.js'
import { questionKinds } from '../../src/incident/questions.js'
import { decisionOutcomes } from '../../src/incident/decisions.js'
import { audiences } from '../../src/incident/audiences.js'
import { type FieldInput, type FieldValue, members } from '../../src/incident/custom-field.js'
import type {
  Commands,
  Duties,
  IncidentCommand,
  IncidentDuty,
} from '../../src/incident/incident.js'
import { parkedUntils } from '../../src/incident/parking-lot.js'
import { pageChannels } from '../../src/incident/pages.js'
import { containmentActions } from '../../src/incident/containment.js'
import { engagedFunctions } from '../../src/incident/engaged-functions.js'
import { phaseKeys } from '../../src/incident/phases.js'
import { answers } from '../../src/incident/requests.js'
import { warRoomKinds } from '../../src/incident/war-rooms.js'
import { toldStatuses } from '../../src/incident/recorded-task.js'
import { relationKinds } from '../../src/incident/related.js'
import type { Other } from '../../src/decider/facet.js'
import { linkKinds } from '../../src/incident/links.js'
import { roleKeys } from '../../src/incident/role-keys.js'
import { severityLevels } from '../../src/incident/severity-levels.js'
import { visibilityLevels } from '../../src/incident/visibility-levels.js'
import { at, noon, other } from './given.js'
import { policy } from './policy.js'

/** Names that plain objects answer to are names like any others. */
export const persons = ['alice', 'bob', '__proto__', 'constructor']

const text = fc.oneof(
  fc.constantFrom('Errors rise', '[erased]', '__proto__'),
  fc.string().filter(text => text.trim() !== ''),
)
const person = fc.constantFrom(...persons, ...persons, 'nobody')
const key = fc.constantFrom('key', 'no-key')
const role = fc.constantFrom(...roleKeys)
const minutes = fc.integer({ min: 1, max: 1440 })
const service = fc.constantFrom('api', 'web', '__proto__')
const services = fc.array(service, { maxLength: 4 })
const instant = fc.integer({ min: -90, max: 200 }).map(minute => after(noon, minute))
const taskId = fc.constantFrom('id-1', 'id-2', 'id-3', 'constructor')
const callId = fc.constantFrom('id-1', 'id-2', 'id-3', 'id-4', 'constructor')
const eventId = fc.oneof(
  fc.nat({ max: 20 }).map(n => `event-${n}`),
  fc.constant('__proto__'),
)
const url = fc.constantFrom('https://a.example', 'https://b.example')
const labels = fc.array(fc.constantFrom('false-alarm', 'team:web', 'constructor'), {
  minLength: 1,
  maxLength: 3,
})
const fieldKey = fc.constantFrom(...policy.customFields.keys(), 'nothing', '__proto__')
const value: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.record({ text }),
  fc.record({ number: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
  fc.record({ boolean: fc.boolean() }),
  fc.record({ date: fc.constantFrom('2026-01-01', '2026-02-28') }),
  fc.record({ option: fc.constantFrom('Europe', 'Asia', 'Mars') }),
  fc.record({ options: fc.subarray(['web', 'app', 'phone'], { minLength: 1 }) }),
  fc.record({ person }),
  fc.record({ link: url }),
)
/** Mostly of the field's own type. */
const fitting = ({ key, value, any }: { key: string; value: FieldValue; any: boolean }) => {
  const type = policy.customFields.get(key)?.type
  return any || !type || members[type] in value ? [{ key, value }] : []
}
const fields = fc
  .array(fc.record({ key: fieldKey, value, any: fc.nat(20).map(n => n === 0) }), {
    minLength: 30,
    maxLength: 30,
  })
  .map(all => all.flatMap(fitting).slice(0, 3))
const evidence = fc.array(fc.record({ url, label: text }, { requiredKeys: ['url'] }))
const assignee = fc.oneof(
  fc.record({ person }),
  fc.record({ role }),
  fc.record({ person, role }, { requiredKeys: [] }),
)
/** The other incidents there are, by what commands call them; what else they name is not to be seen. */
export const others: ReadonlyMap<string, Other> = new Map(
  (
    [
      { id: 'inc-b' },
      { id: 'inc-c', mode: 'DRILL' },
      { id: 'inc-d', status: 'MERGED' },
      { id: 'inc-e', hasRoom: false },
      { id: 'inc-f', isBelow: true },
      { id: 'inc-a', isSelf: true },
    ] as const
  ).map(differs => [differs.id, { ...other, ...differs }]),
)
const otherId = fc.constantFrom('inc-b', 'inc-b', 'inc-b', '__proto__', ...others.keys())
const relation = fc.record({ to: otherId, kind: fc.constantFrom(...relationKinds) })
/** Mostly the one in force. */
const scaleVersion = fc.constantFrom(...policy.severityScales.map(({ version }) => version), 9)
const nothing = fc.constant({})
const participation = fc.record(
  {
    team: text,
    function: text,
    place: text,
    timeZone: fc.constant('Europe/Zurich'),
    channel: fc.constantFrom(...channelKinds),
  },
  { requiredKeys: [] },
)
const reason = fc.record({ reason: text })
const summary = fc.record({ summary: text })
const task = { taskId }
const definition = {
  key: fc.constantFrom('fail-over', 'lost-region', 'old', 'constructor'),
  version: fc.constantFrom(1, 2),
}
const step = {
  checklistId: taskId,
  step: fc.constantFrom('stop', 'stop', 'switch', 'tell', 'constructor'),
}

/** One per command: a new one without its input does not compile. */
export const inputs: { readonly [C in keyof Commands]: fc.Arbitrary<Commands[C]> } = {
  DeclareIncident: fc.record(
    {
      title: text,
      severity: fc.constantFrom(...severityLevels),
      type: fc.constantFrom(...incidentTypes),
      mode: fc.constantFrom('LIVE' as const, ...modes),
      kind: fc.constantFrom(...incidentKinds),
      effect: fc.constantFrom(...effects),
      triage: fc.boolean(),
      services,
      // Mostly what is taken, so that much happens after.
      template: fc.constantFrom(...Array<string>(9).fill('failover'), 'bare', 'gone'),
      labels,
      customFields: fc.constantFrom<FieldInput[]>(
        [{ key: 'region', value: { option: 'Asia' } }],
        [{ key: 'public', value: { boolean: true } }],
      ),
      visibility: fc.constantFrom(...visibilityLevels),
      members: fc.array(person, { maxLength: 2 }),
    },
    { requiredKeys: ['title'] },
  ),
  ChangeTitle: fc.record({ title: text }),
  ActivateIncident: nothing,
  MitigateIncident: summary,
  ResolveIncident: summary,
  BeginPostIncident: nothing,
  ReopenIncident: reason,
  CloseIncident: fc.record({ reason: text }, { requiredKeys: [] }),
  CancelIncident: reason,
  DeclineIncident: reason,
  MergeIncident: fc.record({ into: otherId, reason: text }, { requiredKeys: ['into'] }),
  MarkDuplicate: fc.record({ of: otherId, reason: text }, { requiredKeys: ['of'] }),
  UnmergeIncident: reason,
  SetParent: fc.record({ parent: otherId }),
  RemoveParent: fc.record({ reason: text }, { requiredKeys: [] }),
  RelateIncident: relation,
  UnrelateIncident: relation,
  SetSeverity: fc.record(
    { level: fc.constantFrom(...severityLevels), reason: text, scaleVersion },
    { requiredKeys: ['level'] },
  ),
  ContestSeverity: fc.record({ proposed: fc.constantFrom(...severityLevels), reason: text }),
  RecordContainment: fc.record(
    { account: text, action: fc.constantFrom(...containmentActions), note: text },
    { requiredKeys: ['account', 'action'] },
  ),
  ReportDataLoss: fc.record({ text }),
  RuleOutDataLoss: fc.record({ reason: text }),
  EngageFunction: fc.record(
    { function: fc.constantFrom(...engagedFunctions), person, reason: text },
    { requiredKeys: ['function'] },
  ),
  DeclareMajor: reason,
  StandDownMajor: reason,
  Reclassify: fc.record({ type: fc.constantFrom(...incidentTypes), reason: text }),
  EscalateNearMiss: reason,
  EnterPhase: fc.record({ phase: fc.constantFrom(...phaseKeys) }),
  RecordDetection: fc.record({ source: fc.constantFrom(...detectionSources) }),
  RelayFeedback: fc.record({ audience: fc.constantFrom(...audiences), text }),
  AcknowledgeFeedback: fc.record({ eventId }),
  DeferInstruction: fc.record({ from: person, text }),
  DeferRequest: fc.record(
    { from: person, text, until: fc.constantFrom(...parkedUntils) },
    { requiredKeys: ['from', 'text'] },
  ),
  AnswerDeferredRequest: fc.record({ eventId, answer: text }),
  RecordSizeUp: fc.record(
    { situation: text, impact: text, nextUpdateBy: instant },
    { requiredKeys: ['situation'] },
  ),
  RecordVerification: fc.record({
    result: fc.constantFrom(...verificationResults),
    finding: text,
  }),
  ProposeHypothesis: fc.record({ text, evidence: text }, { requiredKeys: ['text'] }),
  SettleHypothesis: fc.record({
    eventId,
    outcome: fc.constantFrom(...hypothesisOutcomes),
    evidence: text,
  }),
  DeferQuestion: fc.record({ text, kind: fc.constantFrom(...questionKinds) }),
  RecordContributingFactor: fc.record({
    category: fc.constantFrom(...factorCategories),
    statement: text,
  }),
  ProposeAction: fc.record(
    { text, risks: fc.array(text, { maxLength: 2 }), affects: text, pollMinutes: minutes },
    { requiredKeys: ['text', 'risks', 'pollMinutes'] },
  ),
  RaiseObjection: fc.record({ proposalId: taskId, strong: fc.boolean(), reason: text }),
  Decide: fc.record(
    {
      proposalId: taskId,
      text,
      outcome: fc.constantFrom(...decisionOutcomes),
      rationale: text,
    },
    { requiredKeys: ['outcome'] },
  ),
  ReverseDecision: fc.record({ eventId, reason: text }),
  SetServices: fc.record({ services }),
  AddLink: fc.record(
    { kind: fc.constantFrom(...linkKinds), url, label: text },
    { requiredKeys: ['kind', 'url'] },
  ),
  AssignRole: fc.record({ role, person, service }, { requiredKeys: ['role', 'person'] }),
  ReleaseRole: fc.record({ role, person, reason: text }, { requiredKeys: ['role'] }),
  JoinIncident: participation,
  ChangeParticipation: participation,
  LeaveIncident: nothing,
  OpenWarRoom: fc.record(
    { kind: fc.constantFrom(...warRoomKinds), url, place: text },
    { requiredKeys: ['kind'] },
  ),
  CloseWarRoom: fc.record({ roomId: callId }),
  LinkChannel: fc.record({ kind: fc.constantFrom(...channelKinds), ref: text }),
  UnlinkChannel: fc.record({ kind: fc.constantFrom(...channelKinds), ref: text }),
  InviteServiceOwners: fc.record({ services }, { requiredKeys: [] }),
  PageResponder: fc.record({ person, channel: fc.constantFrom(...pageChannels) }),
  AcknowledgePage: fc.record({ pageId: callId }),
  RequestResponder: fc.oneof(
    fc.record({ person, role, service, reason: text }, { requiredKeys: [] }),
    fc.record({ person }),
    fc.record({ role }),
    fc.record({ service }),
  ),
  RespondToRequest: fc.record(
    { requestId: callId, answer: fc.constantFrom(...answers), etaMinutes: minutes, reason: text },
    { requiredKeys: ['requestId', 'answer'] },
  ),
  Escalate: fc.record(
    {
      service,
      people: fc.array(person, { maxLength: 2 }),
      tier: fc.integer({ min: 1, max: 4 }),
      skipTiers: fc.boolean(),
      reason: text,
    },
    { requiredKeys: ['reason'] },
  ),
  AcknowledgeEscalation: fc.record({ escalationId: callId }),
  ReleaseResponder: fc.record(
    { person, reason: text, evidence },
    { requiredKeys: ['person', 'reason'] },
  ),
  DeclareNotInvolved: fc.record(
    { service, reason: text, evidence },
    { requiredKeys: ['service', 'reason'] },
  ),
  ClaimCommand: nothing,
  TakeCommand: reason,
  OfferHandoff: fc.record({ to: person, note: text }, { requiredKeys: ['to'] }),
  AcceptHandoff: nothing,
  DeclineHandoff: reason,
  WithdrawHandoff: nothing,
  PromoteDeputy: fc.record({ person, reason: text }, { requiredKeys: ['reason'] }),
  RelieveResponder: fc.record(
    { person, relief: person, reason: text },
    { requiredKeys: ['person'] },
  ),
  RemoveResponder: fc.record(
    { person, reason: text, private: fc.boolean() },
    { requiredKeys: ['person', 'reason'] },
  ),
  ReadmitResponder: fc.record({ person, reason: text }, { requiredKeys: ['person'] }),
  CreateSubteam: fc.record(
    { name: text, lead: person, members: fc.array(person, { maxLength: 3 }), within: taskId },
    { requiredKeys: ['name', 'lead'] },
  ),
  AddToSubteam: fc.record({ subteamId: taskId, person }),
  RemoveFromSubteam: fc.record({ subteamId: taskId, person }),
  DissolveSubteam: fc.record({ subteamId: taskId, reason: text }, { requiredKeys: ['subteamId'] }),
  AssignTask: fc.record({ title: text, assignee, timeboxMinutes: minutes }),
  ReassignTask: fc.record(
    { ...task, assignee, reason: text },
    { requiredKeys: ['taskId', 'assignee'] },
  ),
  ExtendTask: fc.record({ ...task, minutes, reason: text }),
  RecordTask: fc.record(
    { title: text, status: fc.constantFrom(...toldStatuses), assignee: person },
    { requiredKeys: ['title', 'status'] },
  ),
  AttachRunbook: fc.record(definition, { requiredKeys: ['key'] }),
  AdoptPlan: fc.record(definition, { requiredKeys: ['key'] }),
  StartPlaybook: nothing,
  CheckStep: fc.record(
    { ...step, outcome: fc.constantFrom(...stepOutcomes), reason: text },
    { requiredKeys: ['checklistId', 'step', 'outcome'] },
  ),
  RequestApproval: fc.record({ ...step, of: person }, { requiredKeys: ['checklistId', 'step'] }),
  ApproveStep: fc.record(step),
  RefuseStep: fc.record({ ...step, reason: text }),
  FlagFollowUp: fc.record({ text }),
  ApplyLearning: fc.record(
    { followUpId: taskId, evidence: text, url },
    { requiredKeys: ['followUpId', 'evidence'] },
  ),
  DropFollowUp: fc.record({ followUpId: taskId, reason: text }),
  RequestExtension: fc.record({ ...task, minutes, reason: text }),
  GrantExtension: fc.record(task),
  RefuseExtension: fc.record({ ...task, reason: text }),
  AcknowledgeTask: fc.record(task),
  ReportTask: fc.record({ ...task, finding: text }),
  CompleteTask: fc.record({ ...task, finding: text }, { requiredKeys: ['taskId'] }),
  AbandonTask: fc.record({ ...task, reason: text }),
  RecordObservation: fc.record({ text, evidence }, { requiredKeys: ['text'] }),
  CorrectEntry: fc.record(
    {
      eventId,
      text,
      occurredAt: instant,
      timing: fc.constantFrom('APPROXIMATE' as const, 'UNKNOWN' as const),
      reason: text,
    },
    { requiredKeys: ['eventId', 'reason'] },
  ),
  RetractEntry: fc.record({ eventId, reason: text }),
  SetVisibility: fc.record(
    { visibility: fc.constantFrom(...visibilityLevels), reason: text },
    { requiredKeys: ['visibility'] },
  ),
  GrantMembership: fc.record({ person, key }, { requiredKeys: [] }),
  RevokeMembership: fc.record({ person, key, reason: text }, { requiredKeys: [] }),
  SetCustomFields: fc.record({ fields }),
  ClearCustomField: fc.record({ key: fieldKey }),
  AddLabels: fc.record({ labels }),
  RemoveLabels: fc.record({ labels }),
  MarkKey: fc.record({ eventId }),
  UnmarkKey: fc.record({ eventId }),
  AttachEvidence: fc.record(
    { eventId, url, caption: text, sha256: fc.constant('0'.repeat(64)) },
    { requiredKeys: ['eventId', 'url', 'caption'] },
  ),
}

/** One per duty; whether and when it is due, the state tells once it is asked. */
const duties: { readonly [D in keyof Duties]: fc.Arbitrary<Duties[D]> } = {
  ExpireTimebox: fc.record({ ...task, dueAt: instant }),
  FindRoleVacant: fc.record({ role, dueAt: instant }),
  CallForRotation: fc.record({ person, dueAt: instant }),
  NoteOverdueDecision: fc.record({ proposalId: taskId, dueAt: instant }),
  BreakMerge: fc.record({ eventId }),
  BreakParent: fc.record({ eventId }),
  NoteCounterpart: fc.record({
    from: otherId,
    fromRevision: fc.nat(20),
    kind: fc.constantFrom('MERGED', 'DUPLICATE', 'CHILD', ...relationKinds),
    holds: fc.boolean(),
  }),
}

/** One command, who asks it, how, and what the clock then says. */
export interface Ask {
  readonly command: IncidentCommand | IncidentDuty
  readonly actor: { readonly type: 'USER' | 'API_KEY' | 'SYSTEM' | 'TIMER'; readonly id: string }
  readonly overrides: boolean
  readonly clock: string
  readonly claimed: string | undefined
}

/** What ends an incident is asked seldom, so that much happens before. */
const seldom: ReadonlySet<string> = new Set([
  'CancelIncident',
  'DeclineIncident',
  'CloseIncident',
  'DeclareIncident',
  'MergeIncident',
  'MarkDuplicate',
])
/** What everything else about tasks needs is asked often, however many commands there are. */
const often: ReadonlySet<string> = new Set(['AssignTask', 'ExtendTask'])
const command = fc.oneof(
  ...Object.entries(inputs).map(([type, data]) => ({
    arbitrary: fc.record({ type: fc.constant(type), data: data as fc.Arbitrary<object> }),
    weight: seldom.has(type) ? 1 : often.has(type) ? 24 : 8,
  })),
) as fc.Arbitrary<unknown> as fc.Arbitrary<IncidentCommand>

const actor = fc.oneof(
  { arbitrary: fc.constantFrom(...persons).map(id => ({ type: 'USER' as const, id })), weight: 8 },
  { arbitrary: fc.constant({ type: 'API_KEY' as const, id: 'key' }), weight: 1 },
  { arbitrary: fc.constant({ type: 'SYSTEM' as const, id: 'import' }), weight: 1 },
)
const ask: fc.Arbitrary<Ask> = fc.record({
  command,
  actor,
  overrides: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
  clock: fc.integer({ min: 0, max: 120 }).map(minute => after(noon, minute)),
  claimed: fc.option(instant, { nil: undefined, freq: 4 }),
})
const duty = fc.oneof(
  ...Object.entries(duties).map(([type, data]) => fc.record({ type: fc.constant(type), data })),
) as fc.Arbitrary<unknown> as fc.Arbitrary<IncidentDuty>
const due: fc.Arbitrary<Ask> = fc.record({
  command: duty,
  actor: fc.constant({ type: 'TIMER' as const, id: 'timer' }),
  overrides: fc.constant(false),
  clock: fc.integer({ min: 0, max: 300 }).map(minute => after(noon, minute)),
  claimed: fc.constant(undefined),
})
const declare: fc.Arbitrary<Ask> = fc.record({
  command: inputs.DeclareIncident.map(data => ({ type: 'DeclareIncident' as const, data })),
  actor,
  overrides: fc.constant(false),
  clock: fc.constant(noon),
  claimed: fc.constantFrom(undefined, at('11:00')),
})

const asked = fc.oneof({ arbitrary: ask, weight: 12 }, { arbitrary: due, weight: 1 })

/** Any commands and duties in any order, of which the first mostly declares the incident. */
export const asks: fc.Arbitrary<readonly Ask[]> = fc
  .tuple(fc.option(declare, { freq: 20 }), fc.array(asked, { maxLength: 60, size: 'max' }))
  .map(([first, rest]) => (first ? [first, ...rest] : rest))

function after(instant: string, minutes: number) {
  return new Date(Date.parse(instant) + minutes * 60_000).toISOString()
}

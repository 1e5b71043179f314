import { describe, expect, test } from '@jest/globals'
import { Rejected } from '../../src/decider/facet.js'
import { type Commands, type IncidentCommand, incidents } from '../../src/incident/incident.js'
import {
  aliceCommands,
  alicesProposal,
  askedForMore,
  bobIsMember,
  bobsTask,
  callId,
  carolsTask,
  decidedAtOnce,
  escalated,
  flagged,
  into,
  observed,
  offeredToBob,
  otherId,
  paged,
  proposalId,
  relayed,
  requested,
  restrictedToAlice,
  room,
  runbookAttached,
  taskId,
} from '../support/facts.js'
import type { Policy } from '../../src/incident/policy.js'
import { type Fact, given } from '../support/given.js'
import { policy } from '../support/policy.js'
import { type Cell, stateCells } from '../support/tables.js'

/** What a command needs to come to something, who may ask it, and the command. */
interface Scene<C extends keyof Commands> {
  readonly after?: readonly Fact[]
  readonly by?: string
  /** It is put on record afterwards. */
  readonly isHistory?: true
  readonly policy?: Policy
  readonly data: Commands[C]
  /** Once the response is over, if it differs. */
  readonly afterwards?: Commands[C]
}
const reason = 'Because'
const task = { after: [aliceCommands, bobsTask], data: { taskId } }
const ofStep = {
  after: [aliceCommands, runbookAttached],
  data: { checklistId: taskId, step: 'stop' },
}
const moreTime = { after: [aliceCommands, carolsTask, askedForMore], data: { taskId } }
const subteamId = '0198c0de-0000-7000-8000-00000000000c'
const bobLeads: Fact = {
  type: 'SubteamFormed',
  data: { subteamId, name: 'Database', lead: 'bob' },
}
const parked: Fact = {
  type: 'RequestDeferred',
  data: { from: 'carol', text: 'A report by noon', until: 'RESOLVED' },
}
const offer = { after: [aliceCommands, offeredToBob], data: {} }
/** One per command that needs an incident: alice commands, bob asks unless it is hers. */
const scenes: { [C in Exclude<keyof Commands, 'DeclareIncident'>]: Scene<C> } = {
  ActivateIncident: { data: {} },
  MitigateIncident: { data: { summary: 'Rolled back' } },
  ResolveIncident: { data: { summary: 'Fixed' } },
  CloseIncident: { data: {} },
  BeginPostIncident: { data: {} },
  ReopenIncident: { data: { reason } },
  CancelIncident: { data: { reason } },
  DeclineIncident: { data: { reason } },
  MergeIncident: { data: { into: otherId } },
  MarkDuplicate: { data: { of: otherId } },
  UnmergeIncident: { data: { reason } },
  SetParent: { data: { parent: otherId } },
  RemoveParent: {
    after: [aliceCommands, { type: 'ParentSet', data: { parent: otherId } }],
    data: {},
  },
  RelateIncident: { data: { to: otherId, kind: 'RELATED' } },
  UnrelateIncident: {
    after: [aliceCommands, { type: 'IncidentRelated', data: { to: otherId, kind: 'RELATED' } }],
    data: { to: otherId, kind: 'RELATED' },
  },
  RecordObservation: { data: { text: 'It is slow' } },
  CorrectEntry: {
    after: [aliceCommands, observed],
    data: { eventId: 'event-2', text: 'Errors fall', reason },
  },
  RetractEntry: { after: [aliceCommands, observed], data: { eventId: 'event-2', reason } },
  AddLink: { data: { kind: 'DASHBOARD', url: 'https://example.com' } },
  SetCustomFields: { policy, data: { fields: [{ key: 'cause', value: { text: 'A lock' } }] } },
  ClearCustomField: {
    after: [
      aliceCommands,
      { type: 'CustomFieldSet', data: { key: 'cause', name: 'The cause', text: 'A lock' } },
    ],
    data: { key: 'cause' },
  },
  AddLabels: { data: { labels: ['team:web'] } },
  RemoveLabels: {
    after: [aliceCommands, { type: 'LabelsAdded', data: { labels: ['team:web'] } }],
    data: { labels: ['team:web'] },
  },
  MarkKey: { data: { eventId: 'event-0' } },
  UnmarkKey: {
    after: [aliceCommands, { type: 'KeyEntryMarked', data: { eventId: 'event-0' } }],
    data: { eventId: 'event-0' },
  },
  AttachEvidence: { data: { eventId: 'event-0', url: 'https://e.org', caption: 'A graph' } },
  ReportTask: { ...task, data: { taskId, finding: 'A lock' } },
  CompleteTask: task,
  AbandonTask: { ...task, data: { taskId, reason } },
  ChangeTitle: { data: { title: 'Payment fails' } },
  ContestSeverity: { data: { proposed: 'SEV2', reason } },
  RecordContainment: { data: { account: 'deploy-bot', action: 'DISABLED' } },
  ReportDataLoss: { data: { text: 'The orders of an hour' } },
  RuleOutDataLoss: {
    after: [aliceCommands, { type: 'DataLossReported', data: { text: 'The orders of an hour' } }],
    data: { reason },
  },
  EngageFunction: { data: { function: 'LEGAL' } },
  DeclareMajor: { data: { reason } },
  StandDownMajor: {
    after: [aliceCommands, { type: 'MajorIncidentDeclared', data: { reason } }],
    data: { reason },
  },
  Reclassify: { data: { type: 'SECURITY', reason } },
  EscalateNearMiss: {
    after: [aliceCommands, { type: 'NearMissReported', data: {} }],
    data: { reason },
  },
  EnterPhase: { data: { phase: 'MOBILIZE' }, afterwards: { phase: 'PREVENT' } },
  RecordDetection: { data: { source: 'CUSTOMER' } },
  RelayFeedback: { data: { audience: 'CUSTOMERS', text: 'They cannot pay' } },
  AcknowledgeFeedback: { after: [aliceCommands, relayed], data: { eventId: 'event-2' } },
  DeferInstruction: { data: { from: 'carol', text: 'Restart everything' } },
  RecordSizeUp: { data: { situation: 'Writes fail' } },
  RecordVerification: { data: { result: 'HOLDING', finding: 'No errors' } },
  ProposeHypothesis: { data: { text: 'A lock' } },
  SettleHypothesis: {
    after: [aliceCommands, { type: 'HypothesisProposed', data: { text: 'A lock' } }],
    data: { eventId: 'event-2', outcome: 'REFUTED', evidence: 'No lock waits' },
  },
  DeferQuestion: { data: { text: 'Who did that?', kind: 'BLAME' } },
  RecordContributingFactor: { data: { category: 'CAPACITY', statement: 'The disk was full' } },
  ProposeAction: { data: { text: 'Fail over', risks: ['Lost orders'], pollMinutes: 5 } },
  RaiseObjection: {
    after: [aliceCommands, alicesProposal],
    data: { proposalId, strong: true, reason },
  },
  Decide: { data: { text: 'Fail over', outcome: 'APPROVE' } },
  ReverseDecision: { after: [aliceCommands, decidedAtOnce], data: { eventId: 'event-2', reason } },
  SetServices: { data: { services: ['checkout'] } },
  SetSeverity: {
    after: [aliceCommands, { type: 'SeveritySet', data: { level: 'SEV3' } }],
    data: { level: 'SEV2' },
  },
  AssignRole: { data: { role: 'SCRIBE', person: 'carol' } },
  ReleaseRole: {
    after: [aliceCommands, { type: 'RoleAssigned', data: { role: 'SCRIBE', person: 'bob' } }],
    data: { role: 'SCRIBE' },
  },
  JoinIncident: { data: {} },
  ChangeParticipation: {
    after: [aliceCommands, { type: 'ResponderJoined', data: { person: 'bob' } }],
    data: { team: 'Payments' },
  },
  LeaveIncident: {
    after: [aliceCommands, { type: 'ResponderJoined', data: { person: 'bob' } }],
    data: {},
  },
  OpenWarRoom: { data: { kind: 'PHYSICAL', place: 'Room 1' } },
  CloseWarRoom: { after: [aliceCommands, room], data: { roomId: callId } },
  LinkChannel: { data: { kind: 'SLACK', ref: '#inc-1' } },
  UnlinkChannel: {
    after: [aliceCommands, { type: 'ChannelLinked', data: { kind: 'SLACK', ref: '#inc-1' } }],
    data: { kind: 'SLACK', ref: '#inc-1' },
  },
  InviteServiceOwners: { policy, data: { services: ['api'] } },
  PageResponder: { data: { person: 'bob', channel: 'SMS' } },
  AcknowledgePage: { after: [aliceCommands, paged], data: { pageId: callId } },
  RequestResponder: { data: { person: 'bob' } },
  RespondToRequest: {
    after: [aliceCommands, requested],
    data: { requestId: callId, answer: 'ACCEPT' },
  },
  Escalate: { data: { people: ['bob'], reason } },
  AcknowledgeEscalation: { after: [aliceCommands, escalated], data: { escalationId: callId } },
  ReleaseResponder: {
    after: [aliceCommands, { type: 'ResponderJoined', data: { person: 'bob' } }],
    data: { person: 'bob', reason, evidence: [{ url: 'https://e.org' }] },
  },
  DeclareNotInvolved: {
    data: { service: 'api', reason, evidence: [{ url: 'https://e.org' }] },
  },
  ClaimCommand: { after: [], data: {} },
  TakeCommand: { data: { reason } },
  OfferHandoff: { data: { to: 'carol' } },
  AcceptHandoff: offer,
  DeclineHandoff: { ...offer, data: { reason } },
  WithdrawHandoff: offer,
  PromoteDeputy: {
    after: [aliceCommands, { type: 'RoleAssigned', data: { role: 'DEPUTY', person: 'bob' } }],
    data: { person: 'bob', reason },
  },
  RelieveResponder: {
    after: [aliceCommands, { type: 'ResponderJoined', data: { person: 'carol' } }],
    data: { person: 'carol' },
  },
  RemoveResponder: { data: { person: 'carol', reason } },
  ReadmitResponder: {
    after: [aliceCommands, { type: 'ResponderRemoved', data: { person: 'carol', reason } }],
    data: { person: 'carol' },
  },
  CreateSubteam: { data: { name: 'Database', lead: 'bob' } },
  AddToSubteam: { after: [aliceCommands, bobLeads], data: { subteamId, person: 'carol' } },
  RemoveFromSubteam: {
    after: [
      aliceCommands,
      bobLeads,
      { type: 'SubteamMemberAdded', data: { subteamId, person: 'carol' } },
    ],
    data: { subteamId, person: 'carol' },
  },
  DissolveSubteam: { after: [aliceCommands, bobLeads], data: { subteamId } },
  DeferRequest: { data: { from: 'carol', text: 'A report by noon' } },
  AnswerDeferredRequest: {
    after: [aliceCommands, parked],
    data: { eventId: 'event-2', answer: 'Here' },
  },
  AssignTask: { data: { title: 'Look', assignee: { person: 'bob' }, timeboxMinutes: 5 } },
  RecordTask: { isHistory: true, data: { title: 'Look', status: 'COMPLETED' } },
  ReassignTask: { ...task, data: { taskId, assignee: { person: 'carol' } } },
  ExtendTask: { ...task, data: { taskId, minutes: 5, reason } },
  AttachRunbook: { policy, data: { key: 'fail-over' } },
  AdoptPlan: { policy, data: { key: 'lost-region' } },
  StartPlaybook: { policy, data: {} },
  CheckStep: {
    after: [aliceCommands, runbookAttached],
    data: { checklistId: taskId, step: 'stop', outcome: 'SKIPPED', reason },
  },
  RequestApproval: ofStep,
  ApproveStep: ofStep,
  RefuseStep: { ...ofStep, data: { ...ofStep.data, reason } },
  FlagFollowUp: { data: { text: 'Alert on the lag' } },
  ApplyLearning: {
    after: [aliceCommands, flagged],
    data: { followUpId: taskId, evidence: 'It fired' },
  },
  DropFollowUp: { after: [aliceCommands, flagged], data: { followUpId: taskId, reason } },
  RequestExtension: { ...task, data: { taskId, minutes: 5, reason } },
  GrantExtension: moreTime,
  RefuseExtension: { ...moreTime, data: { taskId, reason } },
  AcknowledgeTask: task,
  SetVisibility: { data: { visibility: 'RESTRICTED' } },
  GrantMembership: { after: [aliceCommands, restrictedToAlice], data: { person: 'bob' } },
  RevokeMembership: {
    after: [aliceCommands, restrictedToAlice, bobIsMember],
    by: 'bob',
    data: { person: 'bob' },
  },
}
/** Put on record afterwards. */
const put = (declared: Fact) =>
  ({ ...declared, data: { ...declared.data, mode: 'RETROSPECTIVE' } }) as unknown as Fact
const wrongState = ['INVALID_TRANSITION', 'INCIDENT_NOT_ACTIVE', 'TOO_EARLY']

const outcome = (asked: () => readonly unknown[]): string => {
  try {
    return asked().length > 0 ? 'recorded' : 'nothing'
  } catch (error) {
    if (error instanceof Rejected) return error.code
    throw error
  }
}

describe.each(stateCells)('$command in $status', ({ command: type, status, cell }) => {
  const {
    after = [aliceCommands],
    isHistory,
    policy,
    data,
    afterwards = data,
  } = scenes[type as keyof typeof scenes] as Scene<never>
  const isOver = ['RESOLVED', 'POST_INCIDENT', 'CLOSED'].includes(status)
  const command = { type, data: isOver ? afterwards : data } as IncidentCommand
  const [first, ...moves] = into[status]
  const scene = given(isHistory ? put(first) : first, ...after, ...moves)
  const asker = (person: string) => ({ person, ...(policy && { policy }) })
  const asks = (person: string) =>
    outcome(() => scene.when(command, asker(person)).outcome().events)
  const listed = (person: string) => scene.lists(type as keyof Commands, asker(person))

  const checks: Record<Cell, [title: string, check: () => void]> = {
    yes: [
      'is anybody’s',
      () => {
        expect(asks('bob')).toBe('recorded')
        expect(listed('bob')).toBe(true)
      },
    ],
    commander: [
      'is the commander’s',
      () => {
        expect(asks('bob')).toBe('NOT_COMMANDER')
        expect(asks('alice')).toBe('recorded')
        expect([listed('alice'), listed('bob')]).toEqual([true, false])
      },
    ],
    offered: [
      'is theirs whom command was offered to',
      () => {
        expect([asks('alice'), asks('bob')]).toEqual(['NOT_OFFERED_TO_YOU', 'recorded'])
        expect([listed('alice'), listed('bob')]).toEqual([false, true])
      },
    ],
    called: [
      'is theirs who were called',
      () => {
        expect([asks('alice'), asks('bob')]).toEqual(['NOT_ASKED', 'recorded'])
        expect(listed('bob')).toBe(true)
      },
    ],
    assignee: [
      'is the assignee’s',
      () => {
        expect([asks('alice'), asks('bob')]).toEqual(['NOT_ASSIGNEE', 'recorded'])
        expect(listed('bob')).toBe(true)
      },
    ],
    deputy: [
      'is the commander’s or the deputy’s',
      () => {
        expect([asks('alice'), asks('bob'), asks('carol')]).toEqual([
          'recorded',
          'recorded',
          'NOT_DEPUTY',
        ])
        expect([listed('alice'), listed('bob'), listed('carol')]).toEqual([true, true, false])
      },
    ],
    so: [
      'changes nothing and is not listed',
      () => {
        expect([asks('alice'), asks('bob')]).toEqual(['nothing', 'nothing'])
        expect([listed('alice'), listed('bob')]).toEqual([false, false])
      },
    ],
    '–': [
      'is refused',
      () => {
        expect(wrongState).toContain(asks('alice'))
        expect(wrongState).toContain(asks('bob'))
        expect([listed('alice'), listed('bob')]).toEqual([false, false])
      },
    ],
  }
  const [title, check] = checks[cell]
  test(title, check)
})

test('the table has a row for every command of a declared incident, and only those', () => {
  expect([...new Set(stateCells.map(({ command }) => command))].toSorted()).toEqual(
    Object.keys(incidents.payloads)
      .filter(type => type !== 'DeclareIncident')
      .toSorted(),
  )
})

test.each(Object.entries(scenes))('%s needs an incident', (type, { data }) => {
  given()
    .when({ type, data } as IncidentCommand)
    .thenRefused('INCIDENT_NOT_FOUND')
})

test('what is over is refused with the state it is in', () =>
  given(...into.CLOSED)
    .when({ type: 'ClaimCommand', data: {} })
    .thenRefused('INCIDENT_NOT_ACTIVE', { status: 'CLOSED' }))

test('a move that is not one says from where it would be', () =>
  given(...into.CLOSED)
    .when({ type: 'MitigateIncident', data: { summary: 'x' } })
    .thenRefused('INVALID_TRANSITION', { status: 'CLOSED', from: ['ACTIVE'] }))

test('the commander of an incident that is over has no handoff to accept', () =>
  given(into.ACTIVE[0], aliceCommands, { type: 'IncidentResolved', data: { summary: 'x' } })
    .when({ type: 'AcceptHandoff', data: {} })
    .thenRefused('INCIDENT_NOT_ACTIVE'))

import type { Commands } from '../../src/incident/incident.js'
import type { RejectionCode } from '../../src/schema.generated.js'

type Codes = { readonly [C in keyof Commands]: readonly RejectionCode[] }

/** What a claimed time may be refused for: it is an option, so any command's. */
const claims: readonly RejectionCode[] = ['OCCURRED_IN_FUTURE', 'OCCURRED_BEFORE_LAST']

/** What the incident that a command names may not be. */
const other: readonly RejectionCode[] = ['INCIDENT_NOT_FOUND', 'SAME_INCIDENT']
const alike: readonly RejectionCode[] = ['OTHER_DISMISSED', 'MODE_MISMATCH', 'LIMIT_REACHED']

/** What a step that asks for a second person's word may not be. */
const ofStep: readonly RejectionCode[] = [
  'CHECKLIST_NOT_FOUND',
  'STEP_NOT_FOUND',
  'NO_APPROVAL_NEEDED',
  'STEP_CHECKED',
  'SAME_PERSON',
]

/**
 * What a command that `viewerCan` lists can still be refused for: what its payload says. A role or a
 * task may be another's, a severity may go down: then even whose right it is depends on the payload.
 */
const payloads: Codes = {
  DeclareIncident: [
    'UNKNOWN_TEMPLATE',
    'TEMPLATE_RETIRED',
    'UNKNOWN_FIELD',
    'FIELD_RETIRED',
    'FIELD_TYPE',
    'UNKNOWN_OPTION',
    'INVALID_INPUT',
    'UNKNOWN_PERSON',
    'LAST_MEMBER',
  ],
  ChangeTitle: [],
  ActivateIncident: [],
  MitigateIncident: [],
  ResolveIncident: [],
  BeginPostIncident: [],
  ReopenIncident: [],
  CloseIncident: [],
  CancelIncident: [],
  DeclineIncident: [],
  MergeIncident: [...other, ...alike],
  MarkDuplicate: [...other, ...alike],
  UnmergeIncident: [],
  SetParent: [...other, ...alike, 'RELATION_CIRCLE'],
  RemoveParent: [],
  RelateIncident: [...other, 'LIMIT_REACHED'],
  UnrelateIncident: other,
  SetSeverity: ['NOT_COMMANDER', 'REASON_REQUIRED'],
  ContestSeverity: [],
  DeclareMajor: [],
  StandDownMajor: [],
  Reclassify: ['LAST_MEMBER', 'LIMIT_REACHED'],
  EscalateNearMiss: [],
  RecordDetection: [],
  RelayFeedback: [],
  AcknowledgeFeedback: ['ENTRY_NOT_FOUND'],
  DeferInstruction: ['UNKNOWN_PERSON'],
  RecordSizeUp: ['INVALID_INPUT'],
  RecordVerification: [],
  ProposeHypothesis: [],
  SettleHypothesis: ['HYPOTHESIS_NOT_FOUND'],
  DeferQuestion: [],
  RecordContributingFactor: ['NAMED_PERSON'],
  ProposeAction: [],
  RaiseObjection: ['PROPOSAL_NOT_FOUND', 'PROPOSAL_DECIDED', 'POLL_CLOSED', 'LIMIT_REACHED'],
  Decide: [
    'INVALID_INPUT',
    'PROPOSAL_NOT_FOUND',
    'PROPOSAL_DECIDED',
    'REASON_REQUIRED',
    'NOT_COMMANDER',
  ],
  ReverseDecision: ['DECISION_NOT_FOUND'],
  SetServices: [],
  AddLink: ['LIMIT_REACHED'],
  AssignRole: ['UNKNOWN_PERSON', 'COMMAND_HELD', 'LIMIT_REACHED'],
  ReleaseRole: ['UNKNOWN_PERSON', 'NOT_COMMANDER', 'REASON_REQUIRED', 'NOT_A_PERSON'],
  JoinIncident: [],
  ChangeParticipation: [],
  LeaveIncident: [],
  ClaimCommand: [],
  TakeCommand: [],
  OfferHandoff: ['UNKNOWN_PERSON', 'ALREADY_COMMANDER', 'HANDOFF_OPEN'],
  AcceptHandoff: [],
  DeclineHandoff: [],
  WithdrawHandoff: [],
  PromoteDeputy: ['UNKNOWN_PERSON', 'NOT_DEPUTY', 'NOT_COMMANDER'],
  AssignTask: ['INVALID_INPUT', 'UNKNOWN_PERSON', 'ROLE_VACANT', 'ROLE_AMBIGUOUS'],
  ReassignTask: [
    'TASK_NOT_FOUND',
    'TASK_ENDED',
    'INVALID_INPUT',
    'UNKNOWN_PERSON',
    'ROLE_VACANT',
    'ROLE_AMBIGUOUS',
  ],
  ExtendTask: ['TASK_NOT_FOUND', 'TASK_ENDED'],
  AttachRunbook: ['UNKNOWN_RUNBOOK', 'RUNBOOK_RETIRED', 'POLICY_CHANGED'],
  AdoptPlan: ['UNKNOWN_PLAN', 'PLAN_RETIRED', 'POLICY_CHANGED'],
  StartPlaybook: [],
  CheckStep: [
    'CHECKLIST_NOT_FOUND',
    'STEP_NOT_FOUND',
    'REASON_REQUIRED',
    'STEP_OUT_OF_ORDER',
    'APPROVAL_REQUIRED',
    'SAME_PERSON',
  ],
  RequestApproval: [...ofStep, 'UNKNOWN_PERSON'],
  ApproveStep: ofStep,
  RefuseStep: ofStep,
  FlagFollowUp: [],
  ApplyLearning: ['FOLLOW_UP_NOT_FOUND', 'FOLLOW_UP_ENDED'],
  DropFollowUp: ['FOLLOW_UP_NOT_FOUND', 'FOLLOW_UP_ENDED'],
  RequestExtension: ['TASK_NOT_FOUND', 'TASK_ENDED', 'NOT_ASSIGNEE', 'EXTENSION_OPEN'],
  GrantExtension: ['TASK_NOT_FOUND', 'TASK_ENDED', 'NO_EXTENSION_ASKED', 'NOT_COMMANDER'],
  RefuseExtension: ['TASK_NOT_FOUND', 'TASK_ENDED', 'NO_EXTENSION_ASKED', 'NOT_COMMANDER'],
  AcknowledgeTask: ['TASK_NOT_FOUND', 'TASK_ENDED', 'NOT_ASSIGNEE'],
  ReportTask: ['TASK_NOT_FOUND'],
  CompleteTask: ['TASK_NOT_FOUND', 'TASK_ENDED'],
  AbandonTask: ['TASK_NOT_FOUND', 'TASK_ENDED'],
  RecordObservation: [],
  CorrectEntry: ['ENTRY_NOT_FOUND', 'ENTRY_RETRACTED', 'NOT_AN_OBSERVATION', 'INVALID_INPUT'],
  RetractEntry: ['ENTRY_NOT_FOUND', 'NOT_AN_OBSERVATION'],
  SetVisibility: ['NOT_COMMANDER', 'REASON_REQUIRED', 'LAST_MEMBER', 'LIMIT_REACHED'],
  GrantMembership: ['INVALID_INPUT', 'UNKNOWN_PERSON', 'KEY_NOT_FOUND', 'LIMIT_REACHED'],
  RevokeMembership: [
    'INVALID_INPUT',
    'UNKNOWN_PERSON',
    'KEY_NOT_FOUND',
    'NOT_COMMANDER',
    'COMMANDER_CANNOT_LEAVE',
    'LAST_MEMBER',
  ],
  SetCustomFields: [
    'UNKNOWN_FIELD',
    'FIELD_RETIRED',
    'FIELD_TYPE',
    'UNKNOWN_OPTION',
    'UNKNOWN_PERSON',
    'INVALID_INPUT',
  ],
  AddLabels: ['LIMIT_REACHED'],
  RemoveLabels: [],
  MarkKey: ['ENTRY_NOT_FOUND', 'ABOUT_THE_RECORD', 'ENTRY_RETRACTED', 'LIMIT_REACHED'],
  UnmarkKey: ['ENTRY_NOT_FOUND'],
  AttachEvidence: ['ENTRY_NOT_FOUND', 'ABOUT_THE_RECORD', 'ENTRY_RETRACTED', 'LIMIT_REACHED'],
  ClearCustomField: ['UNKNOWN_FIELD', 'FIELD_RETIRED'],
}

/** Whether a command that was listed may be refused with this code. */
export const mayRefuseListed = (command: keyof Commands, code: RejectionCode) =>
  claims.includes(code) || payloads[command].includes(code)

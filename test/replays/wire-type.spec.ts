import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Events } from '../../src/incident/incident.js'
import type { OrganisationEvents } from '../../src/organisation/organisation.js'
import { storedType, wireType } from '../../src/replays/wire-type.js'

/** An event without its name here does not compile: clients follow these for ever. */
const incidentTypes: Record<keyof Events, string> = {
  IncidentDeclared: 'declared',
  TitleChanged: 'title_changed',
  IncidentActivated: 'activated',
  IncidentMitigated: 'mitigated',
  IncidentResolved: 'resolved',
  PostIncidentBegun: 'post_incident_begun',
  IncidentReopened: 'reopened',
  IncidentClosed: 'closed',
  IncidentCancelled: 'cancelled',
  IncidentDeclined: 'declined',
  SeveritySet: 'severity_set',
  SeverityContested: 'severity_contested',
  MajorIncidentDeclared: 'major_incident_declared',
  MajorIncidentStoodDown: 'major_incident_stood_down',
  RequirementsSet: 'requirements_set',
  IncidentReclassified: 'reclassified',
  NearMissReported: 'near_miss_reported',
  NearMissEscalated: 'near_miss_escalated',
  DetectionRecorded: 'detection_recorded',
  FeedbackRelayed: 'feedback_relayed',
  FeedbackAcknowledged: 'feedback_acknowledged',
  InstructionDeferred: 'instruction_deferred',
  SizeUpRecorded: 'size_up_recorded',
  VerificationRecorded: 'verification_recorded',
  HypothesisProposed: 'hypothesis_proposed',
  HypothesisSettled: 'hypothesis_settled',
  QuestionDeferred: 'question_deferred',
  ContributingFactorRecorded: 'contributing_factor_recorded',
  ActionProposed: 'action_proposed',
  ObjectionRaised: 'objection_raised',
  DecisionMade: 'decision_made',
  DecisionReversed: 'decision_reversed',
  DecisionOverdue: 'decision_overdue',
  ServicesSet: 'services_set',
  LinkAdded: 'link_added',
  CommandClaimed: 'command_claimed',
  CommandAssigned: 'command_assigned',
  CommandTaken: 'command_taken',
  CommandReleased: 'command_released',
  HandoffOffered: 'handoff_offered',
  HandoffAccepted: 'handoff_accepted',
  HandoffDeclined: 'handoff_declined',
  HandoffWithdrawn: 'handoff_withdrawn',
  HandoffVoided: 'handoff_voided',
  DeputyPromoted: 'deputy_promoted',
  RoleAssigned: 'role_assigned',
  RoleReleased: 'role_released',
  ResponderJoined: 'responder_joined',
  ParticipationChanged: 'participation_changed',
  ResponderLeft: 'responder_left',
  RequiredRoleVacant: 'required_role_vacant',
  RotationDue: 'rotation_due',
  TaskAssigned: 'task_assigned',
  TaskReassigned: 'task_reassigned',
  TaskExtended: 'task_extended',
  TaskAcknowledged: 'task_acknowledged',
  TaskReported: 'task_reported',
  TaskCompleted: 'task_completed',
  TaskAbandoned: 'task_abandoned',
  TaskTimeboxExpired: 'task_timebox_expired',
  ExtensionRequested: 'extension_requested',
  ExtensionGranted: 'extension_granted',
  ExtensionRefused: 'extension_refused',
  RunbookAttached: 'runbook_attached',
  PlanAdopted: 'plan_adopted',
  StepChecked: 'step_checked',
  StepApprovalRequested: 'step_approval_requested',
  StepApprovalGranted: 'step_approval_granted',
  StepApprovalRefused: 'step_approval_refused',
  FollowUpFlagged: 'follow_up_flagged',
  LearningApplied: 'learning_applied',
  FollowUpDropped: 'follow_up_dropped',
  ObservationRecorded: 'observation_recorded',
  EntryCorrected: 'entry_corrected',
  EntryRetracted: 'entry_retracted',
  VisibilitySet: 'visibility_set',
  MembershipGranted: 'membership_granted',
  MembershipRevoked: 'membership_revoked',
  IncidentMerged: 'merged',
  IncidentUnmerged: 'unmerged',
  ParentSet: 'parent_set',
  ParentRemoved: 'parent_removed',
  IncidentRelated: 'related',
  IncidentUnrelated: 'unrelated',
  IncidentAbsorbed: 'absorbed',
  IncidentReleased: 'released',
  ChildAdded: 'child_added',
  ChildRemoved: 'child_removed',
  RelationNoted: 'relation_noted',
  RelationDropped: 'relation_dropped',
  CustomFieldSet: 'custom_field_set',
  LabelsAdded: 'labels_added',
  LabelsRemoved: 'labels_removed',
  KeyEntryMarked: 'key_entry_marked',
  KeyEntryUnmarked: 'key_entry_unmarked',
  EvidenceAttached: 'evidence_attached',
  CustomFieldCleared: 'custom_field_cleared',
}
const organisationTypes: Record<keyof OrganisationEvents, string> = {
  PersonRegistered: 'person_registered',
  PersonUpdated: 'person_updated',
  GroupDefined: 'group_defined',
  GroupRetired: 'group_retired',
  RoleDefined: 'role_defined',
  QualificationGranted: 'qualification_granted',
  QualificationRevoked: 'qualification_revoked',
  ServiceOwnerRegistered: 'service_owner_registered',
  ServiceOwnerRetired: 'service_owner_retired',
  ApiKeyCreated: 'api_key_created',
  ApiKeyRevoked: 'api_key_revoked',
  LedgerRecovered: 'ledger_recovered',
  CustomFieldDefined: 'custom_field_defined',
  CustomFieldChanged: 'custom_field_changed',
  CustomFieldRetired: 'custom_field_retired',
  IncidentTemplateDefined: 'incident_template_defined',
  IncidentTemplateRetired: 'incident_template_retired',
  RunbookDefined: 'runbook_defined',
  RunbookRetired: 'runbook_retired',
  PlanDefined: 'plan_defined',
  PlanRetired: 'plan_retired',
}

test.each([
  ...Object.entries(incidentTypes).map(names => ['incident', ...names] as const),
  ...Object.entries(organisationTypes).map(names => ['organisation', ...names] as const),
])('clients know %s %s as %s, and back', (kind, type, said) => {
  const wire = `dev.incidentledger.${kind}.${said}.v1`
  expect(wireType(kind, type, 1)).toBe(wire)
  expect(storedType(wire)).toEqual({ kind, type, schemaVersion: 1 })
})

test('the number at its end is the version of the data', () => {
  expect(wireType('incident', 'SeveritySet', 2)).toBe('dev.incidentledger.incident.severity_set.v2')
  expect(storedType('dev.incidentledger.incident.severity_set.v12')?.schemaVersion).toBe(12)
})

test('a name that says more of the incident than one word keeps its subject', () =>
  expect(wireType('incident', 'IncidentMergedInto', 1)).toBe(
    'dev.incidentledger.incident.incident_merged_into.v1',
  ))

test.each([
  'SeveritySet',
  'dev.incidentledger.incident.severity_set',
  'dev.incidentledger.incident.severity_set.v0',
  'dev.incidentledger.incident.severity_set.v01',
  'dev.incidentledger.incident.severity__set.v1',
  'dev.incidentledger.incident.incident_declared.v1',
  'dev.incidentledger.alert.raised.v1',
  '',
])('%p is no wire type', wire => expect(storedType(wire)).toBeUndefined())

test('two stored types of two words or more never share a wire type', () => {
  const word = fc.stringMatching(/^[A-Z][a-z0-9]{0,5}$/)
  const type = fc.array(word, { minLength: 2, maxLength: 4 }).map(words => words.join(''))
  fc.assert(
    fc.property(type, type => expect(storedType(wireType('incident', type, 1))?.type).toBe(type)),
  )
})

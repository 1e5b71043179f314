import { describe, expect, test } from '@jest/globals'
import { NotAuthorised } from '../../src/decider/facet.js'
import type { IncidentCommand } from '../../src/incident/incident.js'
import type { RejectionCode } from '../../src/schema.generated.js'
import {
  aliceCommands,
  alicesProposal,
  askedForMore,
  bobIsMember,
  bobsTask,
  callId,
  decidedAtOnce,
  declared,
  escalated,
  offeredToBob,
  otherId,
  paged,
  proposalId,
  relayed,
  restrictedToAlice,
  retrospective,
  taskId,
} from '../support/facts.js'
import { type Fact, given } from '../support/given.js'
import { rights } from '../support/tables.js'

const reason = 'Because'
const scribe: Fact = { type: 'RoleAssigned', data: { role: 'SCRIBE', person: 'bob' } }
const sev1: Fact = { type: 'SeveritySet', data: { level: 'SEV1' } }

interface Right {
  readonly command: IncidentCommand
  readonly after?: readonly Fact[]
  /** Whether there is nothing to ask for while nobody is in command. */
  readonly needsCommander?: true
}
/** What the rows of the authority table are about; alice commands, carol has no right to any. */
const asked: Record<string, Right> = {
  'severity down': {
    after: [sev1],
    command: { type: 'SetSeverity', data: { level: 'SEV2', reason } },
  },
  resolve: { command: { type: 'ResolveIncident', data: { summary: 'Fixed' } } },
  'close before RESOLVED': { command: { type: 'CloseIncident', data: {} } },
  cancel: { command: { type: 'CancelIncident', data: { reason } } },
  'merge before RESOLVED': { command: { type: 'MergeIncident', data: { into: otherId } } },
  'offer a handoff': {
    command: { type: 'OfferHandoff', data: { to: 'bob' } },
    needsCommander: true,
  },
  'withdraw a handoff': {
    after: [offeredToBob],
    command: { type: 'WithdrawHandoff', data: {} },
    needsCommander: true,
  },
  'release another’s role': {
    after: [scribe],
    command: { type: 'ReleaseRole', data: { role: 'SCRIBE', person: 'bob' } },
  },
  'release command': {
    command: { type: 'ReleaseRole', data: { role: 'INCIDENT_COMMANDER', reason } },
    needsCommander: true,
  },
  'promote a deputy': {
    after: [{ type: 'RoleAssigned', data: { role: 'DEPUTY', person: 'bob' } }],
    command: { type: 'PromoteDeputy', data: { person: 'bob', reason } },
    needsCommander: true,
  },
  'relieve a responder': {
    after: [{ type: 'ResponderJoined', data: { person: 'carol' } }],
    command: { type: 'RelieveResponder', data: { person: 'carol' } },
  },
  'remove a responder': {
    command: { type: 'RemoveResponder', data: { person: 'carol', reason } },
  },
  'let somebody in again': {
    after: [{ type: 'ResponderRemoved', data: { person: 'carol', reason } }],
    command: { type: 'ReadmitResponder', data: { person: 'carol' } },
  },
  'form a subteam': {
    command: { type: 'CreateSubteam', data: { name: 'Database', lead: 'bob' } },
  },
  'dissolve a subteam': {
    after: [{ type: 'SubteamFormed', data: { subteamId: taskId, name: 'Database', lead: 'bob' } }],
    command: { type: 'DissolveSubteam', data: { subteamId: taskId } },
  },
  reclassify: { command: { type: 'Reclassify', data: { type: 'SECURITY', reason } } },
  'stand a major incident down': {
    after: [{ type: 'MajorIncidentDeclared', data: { reason } }],
    command: { type: 'StandDownMajor', data: { reason } },
  },
  'acknowledge feedback before RESOLVED': {
    // Twice, so that there is one with that id also while nobody is in command.
    after: [relayed, relayed],
    command: { type: 'AcknowledgeFeedback', data: { eventId: 'event-2' } },
  },
  'decide, but for withdrawing one’s own': {
    after: [alicesProposal],
    command: { type: 'Decide', data: { proposalId, outcome: 'APPROVE' } },
  },
  'reverse a decision': {
    // Twice, so that there is one with that id also while nobody is in command.
    after: [decidedAtOnce, decidedAtOnce],
    command: { type: 'ReverseDecision', data: { eventId: 'event-2', reason } },
  },
  'accept a handoff': {
    after: [offeredToBob],
    command: { type: 'AcceptHandoff', data: {} },
    needsCommander: true,
  },
  'decline a handoff': {
    after: [offeredToBob],
    command: { type: 'DeclineHandoff', data: { reason } },
    needsCommander: true,
  },
  'acknowledge a task': {
    after: [bobsTask],
    command: { type: 'AcknowledgeTask', data: { taskId } },
  },
  'ask for more time': {
    after: [bobsTask],
    command: { type: 'RequestExtension', data: { taskId, minutes: 5, reason } },
  },
  'grant more time': {
    after: [bobsTask, askedForMore],
    command: { type: 'GrantExtension', data: { taskId } },
  },
  'refuse more time': {
    after: [bobsTask, askedForMore],
    command: { type: 'RefuseExtension', data: { taskId, reason } },
  },
  'acknowledge a page': {
    after: [paged],
    command: { type: 'AcknowledgePage', data: { pageId: callId } },
  },
  'acknowledge an escalation': {
    after: [escalated],
    command: { type: 'AcknowledgeEscalation', data: { escalationId: callId } },
  },
  'let another go': {
    after: [{ type: 'ResponderJoined', data: { person: 'bob' } }],
    command: {
      type: 'ReleaseResponder',
      data: { person: 'bob', reason, evidence: [{ url: 'https://e.org' }] },
    },
  },
  'open a restricted incident': {
    after: [restrictedToAlice],
    command: { type: 'SetVisibility', data: { visibility: 'INTERNAL', reason } },
  },
  'end another’s membership': {
    after: [restrictedToAlice, bobIsMember],
    command: { type: 'RevokeMembership', data: { person: 'bob', reason } },
  },
}
const owners: Record<string, { readonly person: string; readonly code: RejectionCode }> = {
  'the commander’s': { person: 'alice', code: 'NOT_COMMANDER' },
  'the commander’s, and their own': { person: 'alice', code: 'NOT_DEPUTY' },
  'the commander’s, and theirs who gave the task': { person: 'alice', code: 'NOT_COMMANDER' },
  'whom it was offered to': { person: 'bob', code: 'NOT_OFFERED_TO_YOU' },
  'whom it called': { person: 'bob', code: 'NOT_ASKED' },
  'its assignee’s': { person: 'bob', code: 'NOT_ASSIGNEE' },
}

describe.each(rights)('to %s is %s:', (what, whose) => {
  const { command, after = [], needsCommander } = asked[what]!
  const { person, code } = owners[whose]!
  const scene = given(declared, aliceCommands, ...after).when
  const recorded = (outcome: { events: readonly unknown[] }) =>
    expect(outcome.events).not.toEqual([])

  test('they may', () => recorded(scene(command, person).outcome()))

  test('nobody else may, and an administrator is told that they could', () => {
    scene(command, 'carol').thenRefused(code)
    expect(() => scene(command, 'carol').outcome()).toThrow(NotAuthorised)
  })

  test('a key without an owner may not either', () =>
    scene(command, { type: 'API_KEY', person: 'key' }).thenRefused(code))

  test('an administrator with a reason may, also as a key', () => {
    recorded(scene(command, { person: 'carol', overrides: true }).outcome())
    recorded(scene(command, { person: 'key', type: 'API_KEY', overrides: true }).outcome())
  })

  test('nobody is asked whether they may when it is put on record afterwards', () => {
    const scene = given(retrospective, aliceCommands, ...after).when
    const other = { mode: 'RETROSPECTIVE' }
    recorded(scene(command, { person: 'import', type: 'SYSTEM', other }).outcome())
  })

  if (whose === 'the commander’s' && !needsCommander)
    test('everybody may while nobody is in command', () =>
      recorded(
        given(declared, ...after)
          .when(command, 'carol')
          .outcome(),
      ))
})

test('the table and these tests speak of the same rights', () =>
  expect(rights.map(([what]) => what)).toEqual(Object.keys(asked)))

test('once the incident is resolved, everybody may close it', () =>
  given(declared, aliceCommands, { type: 'IncidentResolved', data: { summary: 'Fixed' } })
    .when({ type: 'CloseIncident', data: {} }, 'carol')
    .thenRecorded({ type: 'IncidentClosed', data: { openConcerns: 0 } }))

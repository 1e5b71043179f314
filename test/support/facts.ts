import type { Actor } from '../../src/decider/facet.js'
import type { Fact } from './given.js'
import { at } from './given.js'
import { failOver } from './policy.js'
import type { IncidentStatus } from '../../src/incident/lifecycle.js'

const declaration = {
  reference: 'INC-1',
  title: 'Checkout fails',
  type: 'SERVICE',
  mode: 'LIVE',
  status: 'ACTIVE',
} as const

export const declared: Fact = { type: 'IncidentDeclared', data: declaration }
export const inTriage: Fact = {
  type: 'IncidentDeclared',
  data: { ...declaration, status: 'TRIAGE' },
}
/** Put on record afterwards. */
export const retrospective: Fact = {
  type: 'IncidentDeclared',
  data: { ...declaration, mode: 'RETROSPECTIVE' },
}

/** Whose what a history tells is, where it names nobody. */
export const theImport: Actor = { type: 'SYSTEM', id: 'import' }

export const aliceCommands: Fact = { type: 'CommandClaimed', data: { commander: 'alice' } }
export const offeredToBob: Fact = {
  type: 'HandoffOffered',
  data: { to: 'bob', briefRevision: 1 },
}

export const restrictedToAlice: Fact = {
  type: 'VisibilitySet',
  data: { visibility: 'RESTRICTED', people: ['alice'] },
}
export const bobIsMember: Fact = { type: 'MembershipGranted', data: { person: 'bob' } }

export const taskId = '0198c0de-0000-7000-8000-00000000000a'
export const bobsTask: Fact = {
  type: 'TaskAssigned',
  data: { taskId, title: 'Fail over', assignee: 'bob', dueAt: at('12:15') },
}
/** The same, given by carol. */
export const carolsTask: Fact = { ...bobsTask, by: 'carol' }
export const askedForMore: Fact = {
  type: 'ExtensionRequested',
  data: { taskId, minutes: 20, reason: 'It is slow', dueAt: at('12:15') },
  by: 'bob',
}
export const runbookAttached: Fact = {
  type: 'RunbookAttached',
  data: { checklistId: taskId, ...failOver },
}
export const flagged: Fact = {
  type: 'FollowUpFlagged',
  data: { followUpId: taskId, text: 'Alert on the lag' },
}
/** Of a war room, a page, a request, or an escalation. */
export const callId = '0198c0de-0000-7000-8000-00000000000c'
export const room: Fact = {
  type: 'WarRoomOpened',
  data: { roomId: callId, kind: 'VIRTUAL', url: 'https://meet.example.org/1' },
}
export const paged: Fact = {
  type: 'ResponderPaged',
  data: { pageId: callId, person: 'bob', channel: 'SMS', reference: 'INC-1' },
}
export const requested: Fact = {
  type: 'ResponderRequested',
  data: { requestId: callId, person: 'bob' },
}
export const escalated: Fact = {
  type: 'IncidentEscalated',
  data: { escalationId: callId, from: [], to: ['bob'], tiersSkipped: 0, reason: 'No answer' },
}
export const relayed: Fact = {
  type: 'FeedbackRelayed',
  data: { audience: 'CUSTOMERS', text: 'They cannot pay' },
}
export const proposalId = '0198c0de-0000-7000-8000-00000000000c'
export const alicesProposal: Fact = {
  type: 'ActionProposed',
  data: { proposalId, text: 'Fail over', risks: ['Lost orders'], decideBy: at('12:15') },
}
/** What nobody had proposed in writing. */
export const decidedAtOnce: Fact = {
  type: 'DecisionMade',
  data: { text: 'Roll back', outcome: 'APPROVE', objectionsHeard: 0, overruled: false },
}
export const otherId = '0198c0de-0000-7000-8000-00000000000b'
export const mergedThere: Fact = { type: 'IncidentMerged', data: { into: otherId } }
export const observed: Fact = { type: 'ObservationRecorded', data: { text: 'Errors rise' } }

/** How an incident that was declared active comes to each state. */
export const into: Record<IncidentStatus, readonly [Fact, ...Fact[]]> = {
  TRIAGE: [inTriage],
  ACTIVE: [declared],
  MITIGATED: [declared, { type: 'IncidentMitigated', data: { summary: 'Rolled back' } }],
  RESOLVED: [declared, { type: 'IncidentResolved', data: { summary: 'Fixed' } }],
  POST_INCIDENT: [
    declared,
    { type: 'IncidentResolved', data: { summary: 'Fixed' } },
    { type: 'PostIncidentBegun', data: {} },
  ],
  CLOSED: [declared, { type: 'IncidentClosed', data: {} }],
  CANCELLED: [declared, { type: 'IncidentCancelled', data: { reason: 'A test' } }],
  MERGED: [declared, mergedThere],
  DECLINED: [inTriage, { type: 'IncidentDeclined', data: { reason: 'By design' } }],
}

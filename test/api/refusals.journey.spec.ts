import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Position } from '../../src/event-store/event-store.js'
import type { RejectionCode } from '../../src/schema.generated.js'
import { type Answer, type App, codeOf, startApp, until } from '../support/app.js'
import { refusalCodes } from '../support/sdl.js'

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

/** Something over HTTP that is no GraphQL, or not quite. */
async function raw(path: string, init: RequestInit): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${app.secrets.alice}`,
    'content-type': 'application/json',
    ...init.headers,
  }
  const response = await fetch(`${app.url}${path}`, { method: 'POST', ...init, headers })
  return { status: response.status, ...((await response.json()) as object) }
}

const active = () => app.declared()
async function ended() {
  const id = await active()
  await app.act('alice', 'resolveIncident', id, { summary: 'Over' })
  return id
}
async function commanded() {
  const id = await active()
  await app.act('alice', 'claimCommand', id)
  return id
}
async function offered() {
  const id = await commanded()
  await app.act('alice', 'offerHandoff', id, { to: 'bob' })
  return id
}
async function withTask(id: string) {
  const task = { title: 'Look', assignee: { person: 'bob' }, timeboxMinutes: 5 }
  const { events } = await app.act('alice', 'assignTask', id, task)
  return { id, taskId: events[0]!.data.taskId as string }
}
async function withProposal(id: string, options: object = {}) {
  const input = { text: 'Fail over', risks: [], pollMinutes: 5 }
  const { events } = await app.act('bob', 'proposeAction', id, input, options)
  return { id, proposalId: events[0]!.data.proposalId as string }
}
const factor = (statement: string) => ({ category: 'PROCESS', statement })
const objection = { strong: true, reason: 'It is stale' }
async function withNote(id: string) {
  const { events } = await app.act('alice', 'recordObservation', id, { text: 'Seen' })
  return { id, eventId: events[0]!.id }
}

const unknownId = '01890000-0000-7000-8000-000000000000'
const task = { title: 'Look', assignee: { person: 'bob' }, timeboxMinutes: 5 }
const say = (id: string, options: object, input: object = { text: 'x' }) =>
  app.command('alice', 'recordObservation', id, input, options)
const organise = (mutation: string, input: string) =>
  app.ask('root', `mutation { ${mutation}(input: ${input}) { revision } }`)

const field = (key: string, rest: object = {}) =>
  app.organise('defineCustomField', { key, name: key, type: 'NUMBER', ...rest })

/** What is prepared first, and what is then refused: its code, its HTTP status, and what its details hold. */
type Row = [
  what: string,
  code: RejectionCode,
  status: number,
  refused: () => Promise<() => Promise<Answer>>,
  details?: object,
]
/** A runbook of two steps in order, the first of which needs approval. */
async function withRunbook(id: string) {
  const steps = [
    { key: 'stop', title: 'Stop', needsApproval: true },
    { key: 'switch', title: 'Switch' },
  ]
  for (const key of ['follow', 'retired'])
    await app.organise('defineRunbook', { key, name: key, inOrder: true, steps })
  await app.organise('definePlan', { key: 'retired', name: 'Retired', steps })
  await app.organise('retireRunbook', { key: 'retired' })
  await app.organise('retirePlan', { key: 'retired' })
  const { events } = await app.act('alice', 'attachRunbook', id, { key: 'follow' })
  return { id, checklistId: events[0]!.data.checklistId as string }
}
interface OfRunbook {
  before?(id: string, checklistId: string): Promise<unknown>
  by?: string
  refused(checklistId: string): { mutation: string; input: object }
}
const checkStep = (checklistId: string, step: string) => ({
  mutation: 'checkStep',
  input: { checklistId, step, outcome: 'DONE' },
})
/** What is refused where that runbook is followed. */
const stepRows: [what: string, code: RejectionCode, asked: OfRunbook][] = [
  [
    'to follow a runbook that changed',
    'POLICY_CHANGED',
    { refused: () => ({ mutation: 'attachRunbook', input: { key: 'follow', version: 9 } }) },
  ],
  [
    'to follow a retired runbook',
    'RUNBOOK_RETIRED',
    { refused: () => ({ mutation: 'attachRunbook', input: { key: 'retired' } }) },
  ],
  [
    'to adopt a retired plan',
    'PLAN_RETIRED',
    { refused: () => ({ mutation: 'adoptPlan', input: { key: 'retired' } }) },
  ],
  [
    'to check a step of nothing',
    'CHECKLIST_NOT_FOUND',
    { refused: () => checkStep(unknownId, 'stop') },
  ],
  ['to check no step', 'STEP_NOT_FOUND', { refused: id => checkStep(id, 'nothing') }],
  ['the second step first', 'STEP_OUT_OF_ORDER', { refused: id => checkStep(id, 'switch') }],
  ['to do alone what takes two', 'APPROVAL_REQUIRED', { refused: id => checkStep(id, 'stop') }],
  [
    'to do what oneself approved',
    'SAME_PERSON',
    {
      before: (id, checklistId) => app.act('bob', 'approveStep', id, { checklistId, step: 'stop' }),
      by: 'bob',
      refused: id => checkStep(id, 'stop'),
    },
  ],
  [
    'to approve what needs no approval',
    'NO_APPROVAL_NEEDED',
    {
      refused: checklistId => ({
        mutation: 'approveStep',
        input: { checklistId, step: 'switch' },
      }),
    },
  ],
  [
    'to approve what was skipped',
    'STEP_CHECKED',
    {
      async before(id, checklistId) {
        const steps = [{ key: 'stop', title: 'Stop', needsApproval: true }]
        await app.organise('defineRunbook', { key: 'another', name: 'Another', steps })
        await app.act('alice', 'attachRunbook', id, { key: 'another' })
        const skipped = { step: 'stop', outcome: 'SKIPPED', reason: 'x' }
        await app.act('alice', 'checkStep', id, { checklistId, ...skipped })
      },
      refused: checklistId => ({ mutation: 'approveStep', input: { checklistId, step: 'stop' } }),
    },
  ],
]

const rows: Row[] = [
  ['an unknown incident', 'INCIDENT_NOT_FOUND', 200, async () => () => say(unknownId, {})],
  ['an id that is none', 'INCIDENT_NOT_FOUND', 200, async () => () => say('organisation', {})],
  [
    'a claim of command after the end',
    'INCIDENT_NOT_ACTIVE',
    200,
    async () => {
      const id = await ended()
      return () => app.command('bob', 'claimCommand', id)
    },
    { status: 'RESOLVED' },
  ],
  [
    'to mitigate what is resolved',
    'INVALID_TRANSITION',
    200,
    async () => {
      const id = await ended()
      return () => app.command('bob', 'mitigateIncident', id, { summary: 'x' })
    },
    { status: 'RESOLVED', from: ['ACTIVE'] },
  ],
  [
    'to decline what is active',
    'INVALID_TRANSITION',
    200,
    async () => {
      const id = await active()
      return () => app.command('bob', 'declineIncident', id, { reason: 'x' })
    },
    { status: 'ACTIVE', from: ['TRIAGE'] },
  ],
  [
    'to resolve over the commander’s head',
    'NOT_COMMANDER',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('bob', 'resolveIncident', id, { summary: 'x' })
    },
  ],
  [
    'to join after being removed',
    'RESPONDER_REMOVED',
    200,
    async () => {
      const id = await commanded()
      await app.act('alice', 'removeResponder', id, { person: 'bob', reason: 'x' })
      return () => app.command('bob', 'joinIncident', id)
    },
  ],
  [
    'to say how one takes part, before joining',
    'NOT_HERE',
    200,
    async () => {
      const id = await active()
      return () => app.command('bob', 'changeParticipation', id, { place: 'Bern' })
    },
  ],
  [
    'to relieve somebody by themselves',
    'SAME_PERSON',
    200,
    async () => {
      const id = await active()
      await app.act('bob', 'joinIncident', id)
      return () => app.command('alice', 'relieveResponder', id, { person: 'bob', relief: 'bob' })
    },
  ],
  [
    'an unknown subteam',
    'SUBTEAM_NOT_FOUND',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'dissolveSubteam', id, { subteamId: unknownId })
    },
  ],
  [
    'to add somebody to another’s subteam',
    'NOT_LEAD',
    200,
    async () => {
      const id = await commanded()
      const input = { name: 'Database', lead: 'alice' }
      const { events } = await app.act('alice', 'createSubteam', id, input)
      const { subteamId } = events[0]!.data
      return () => app.command('bob', 'addToSubteam', id, { subteamId, person: 'bob' })
    },
  ],
  [
    'to override without being an administrator',
    'SCOPE_MISSING',
    200,
    async () => {
      const id = await commanded()
      return () =>
        app.command('bob', 'resolveIncident', id, { summary: 'x' }, { overrideReason: 'I must' })
    },
    { needs: 'INCIDENTS_ADMIN' },
  ],
  [
    'an administrator without a reason',
    'NOT_COMMANDER',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('root', 'resolveIncident', id, { summary: 'x' })
    },
  ],
  [
    'to claim command that somebody has',
    'COMMAND_HELD',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('bob', 'claimCommand', id)
    },
  ],
  [
    'to take command that nobody has',
    'COMMAND_VACANT',
    200,
    async () => {
      const id = await active()
      return () => app.command('bob', 'takeCommand', id, { reason: 'x' })
    },
  ],
  [
    'to offer command to the commander',
    'ALREADY_COMMANDER',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('alice', 'offerHandoff', id, { to: 'alice' })
    },
  ],
  [
    'a second offer',
    'HANDOFF_OPEN',
    200,
    async () => {
      const id = await offered()
      return () => app.command('alice', 'offerHandoff', id, { to: 'carol' })
    },
  ],
  [
    'to accept what is not offered',
    'NO_HANDOFF_OFFERED',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('bob', 'acceptHandoff', id)
    },
  ],
  [
    'to accept another’s offer',
    'NOT_OFFERED_TO_YOU',
    200,
    async () => {
      const id = await offered()
      return () => app.command('carol', 'acceptHandoff', id)
    },
  ],
  [
    'command to one who is no deputy',
    'NOT_DEPUTY',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('carol', 'promoteDeputy', id, { reason: 'Alice is asleep' })
    },
    { deputies: [] },
  ],
  [
    'a commander who leaves',
    'COMMANDER_CANNOT_LEAVE',
    200,
    async () => {
      const id = await commanded()
      await app.act('alice', 'joinIncident', id)
      return () => app.command('alice', 'leaveIncident', id)
    },
  ],
  [
    'to let go who is not here',
    'NOT_HERE',
    200,
    async () => {
      const id = await active()
      const evidence = [{ url: 'https://example.org' }]
      return () =>
        app.command('alice', 'releaseResponder', id, { person: 'bob', reason: 'x', evidence })
    },
  ],
  [
    'to let go without evidence',
    'EVIDENCE_REQUIRED',
    200,
    async () => {
      const id = await active()
      await app.act('bob', 'joinIncident', id)
      return () => app.command('alice', 'releaseResponder', id, { person: 'bob', reason: 'x' })
    },
    { field: 'evidence' },
  ],
  [
    'to acknowledge another’s page',
    'NOT_ASKED',
    200,
    async () => {
      const id = await active()
      const input = { person: 'bob', channel: 'SMS' }
      const { events } = await app.act('alice', 'pageResponder', id, input)
      const { pageId } = events[0]!.data
      return () => app.command('carol', 'acknowledgePage', id, { pageId })
    },
  ],
  [
    'to acknowledge a page that nobody sent',
    'CALL_NOT_FOUND',
    200,
    async () => {
      const id = await active()
      return () => app.command('carol', 'acknowledgePage', id, { pageId: unknownId })
    },
  ],
  [
    'to close a war room that nobody opened',
    'ROOM_NOT_FOUND',
    200,
    async () => {
      const id = await active()
      return () => app.command('carol', 'closeWarRoom', id, { roomId: unknownId })
    },
  ],
  [
    'to pass over a tier without saying so',
    'TIER_SKIPPED',
    200,
    async () => {
      const escalation = [1, 2].map(afterMinutes => ({ people: ['bob'], afterMinutes }))
      const owned = { service: 'tiered', name: 'Tiered', owners: ['bob'], escalation }
      await app.organise('registerServiceOwner', owned)
      const id = await active()
      return () => app.command('alice', 'escalate', id, { service: 'tiered', tier: 2, reason: 'x' })
    },
    { next: 1 },
  ],
  [
    'to escalate where there is no path',
    'NO_TIER_LEFT',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'escalate', id, { reason: 'x' })
    },
    { tiers: 0, reached: 0 },
  ],
  [
    'a member of what everybody may see',
    'NOT_RESTRICTED',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'grantMembership', id, { person: 'bob' })
    },
  ],
  [
    'to take out the last member',
    'LAST_MEMBER',
    200,
    async () => {
      const id = await app.declared({ type: 'SECURITY' })
      return () => app.command('alice', 'revokeMembership', id, { person: 'alice' })
    },
  ],
  ...(['claimCommand', 'joinIncident'] as const).map((mutation): Row => [
    `${mutation} by a key of nobody`,
    'NOT_A_PERSON',
    200,
    async () => {
      const id = await active()
      return () => app.command('robot', mutation, id)
    },
  ]),
  [
    'a key as assignee',
    'UNKNOWN_PERSON',
    200,
    async () => {
      const id = await active()
      const { viewer } = await app.told('robot', '{ viewer { actor { id } } }')
      const input = { ...task, assignee: { person: viewer.actor.id } }
      return () => app.command('alice', 'assignTask', id, input)
    },
  ],
  [
    'an unknown person as assignee',
    'UNKNOWN_PERSON',
    200,
    async () => {
      const id = await active()
      return () =>
        app.command('alice', 'assignTask', id, { ...task, assignee: { person: 'mallory' } })
    },
    { person: 'mallory' },
  ],
  [
    'an unknown person in a role',
    'UNKNOWN_PERSON',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'assignRole', id, { role: 'SCRIBE', person: unknownId })
    },
  ],
  [
    'an offer of command to nobody known',
    'UNKNOWN_PERSON',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('alice', 'offerHandoff', id, { to: 'mallory' })
    },
  ],
  [
    'a task for a role that nobody holds',
    'ROLE_VACANT',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'assignTask', id, { ...task, assignee: { role: 'SCRIBE' } })
    },
    { role: 'SCRIBE' },
  ],
  [
    'a task for a role that two hold',
    'ROLE_AMBIGUOUS',
    200,
    async () => {
      const id = await active()
      for (const person of ['bob', 'carol'])
        await app.act('alice', 'assignRole', id, { role: 'OBSERVER', person })
      return () =>
        app.command('alice', 'assignTask', id, { ...task, assignee: { role: 'OBSERVER' } })
    },
  ],
  [
    'a task of another incident',
    'TASK_NOT_FOUND',
    200,
    async () => {
      const { id } = await withTask(await active())
      const { taskId } = await withTask(await active())
      return () => app.command('bob', 'completeTask', id, { taskId })
    },
  ],
  [
    'to settle what nobody supposed',
    'HYPOTHESIS_NOT_FOUND',
    200,
    async () => {
      const id = await active()
      const settled = { eventId: unknownId, outcome: 'REFUTED', evidence: 'x' }
      return () => app.command('bob', 'settleHypothesis', id, settled)
    },
  ],
  [
    'what led to it, while it is on',
    'TOO_EARLY',
    200,
    async () => {
      const id = await active()
      return () => app.command('bob', 'recordContributingFactor', id, factor('The disk was full'))
    },
    { status: 'ACTIVE' },
  ],
  [
    'to say who led to it',
    'NAMED_PERSON',
    200,
    async () => {
      const id = await commanded()
      await app.act('alice', 'mitigateIncident', id, { summary: 'x' })
      return () =>
        app.command('bob', 'recordContributingFactor', id, factor('It was alice, who forgot'))
    },
    { person: expect.any(String) },
  ],
  [
    'an objection to a proposal of another incident',
    'PROPOSAL_NOT_FOUND',
    200,
    async () => {
      const { id } = await withProposal(await active())
      const { proposalId } = await withProposal(await active())
      return () => app.command('bob', 'raiseObjection', id, { proposalId, ...objection })
    },
  ],
  [
    'to decide otherwise what is decided',
    'PROPOSAL_DECIDED',
    200,
    async () => {
      const { id, proposalId } = await withProposal(await active())
      await app.act('alice', 'decide', id, { proposalId, outcome: 'APPROVE' })
      return () =>
        app.command('alice', 'decide', id, { proposalId, outcome: 'REJECT', rationale: 'x' })
    },
    { eventId: expect.any(String) },
  ],
  [
    'an objection after the poll',
    'POLL_CLOSED',
    200,
    async () => {
      const then = { occurredAt: '2026-01-01T11:00:00.000Z' }
      const declare = await app.act('alice', 'declareIncident', undefined, { title: 'x' }, then)
      const { id, proposalId } = await withProposal(declare.incident.id, then)
      return () => app.command('bob', 'raiseObjection', id, { proposalId, ...objection })
    },
    { decideBy: '2026-01-01T11:05:00.000Z' },
  ],
  [
    'to reverse what is no decision',
    'DECISION_NOT_FOUND',
    200,
    async () => {
      const { id } = await withProposal(await active())
      await app.act('alice', 'decide', id, { text: 'Wait', outcome: 'APPROVE' })
      return () => app.command('alice', 'reverseDecision', id, { eventId: unknownId, reason: 'x' })
    },
  ],
  [
    'to abandon a completed task',
    'TASK_ENDED',
    200,
    async () => {
      const { id, taskId } = await withTask(await active())
      await app.act('bob', 'completeTask', id, { taskId })
      return () => app.command('bob', 'abandonTask', id, { taskId, reason: 'x' })
    },
  ],
  [
    'to acknowledge another’s task',
    'NOT_ASSIGNEE',
    200,
    async () => {
      const { id, taskId } = await withTask(await active())
      return () => app.command('carol', 'acknowledgeTask', id, { taskId })
    },
  ],
  [
    'to record a task of what happens now',
    'NOT_RETROSPECTIVE',
    200,
    async () => {
      const id = await active()
      return () => app.command('bob', 'recordTask', id, { title: 'x', status: 'COMPLETED' })
    },
    { mode: 'LIVE' },
  ],
  [
    'to give a task away that is only told',
    'TASK_ONLY_TOLD',
    200,
    async () => {
      const past = { title: 'x', mode: 'RETROSPECTIVE' }
      const { incident } = await app.act('alice', 'declareIncident', undefined, past)
      const told = { title: 'x', status: 'IN_PROGRESS' }
      const { events } = await app.act('alice', 'recordTask', incident.id, told)
      const input = { taskId: events[0]!.data.taskId, assignee: { person: 'bob' } }
      return () => app.command('alice', 'reassignTask', incident.id, input)
    },
  ],
  [
    'to ask for more time twice',
    'EXTENSION_OPEN',
    200,
    async () => {
      const { id, taskId } = await withTask(await active())
      const ask = (minutes: number) =>
        app.command('bob', 'requestExtension', id, { taskId, minutes, reason: 'x' })
      await ask(5)
      return () => ask(10)
    },
  ],
  [
    'to grant time that nobody asked for',
    'NO_EXTENSION_ASKED',
    200,
    async () => {
      const { id, taskId } = await withTask(await active())
      return () => app.command('alice', 'grantExtension', id, { taskId })
    },
  ],
  ...stepRows.map(([what, code, { by = 'alice', ...asked }]): Row => [
    what,
    code,
    200,
    async () => {
      const { id, checklistId } = await withRunbook(await active())
      await asked.before?.(id, checklistId)
      const { mutation, input } = asked.refused(checklistId)
      return () => app.command(by, mutation, id, input)
    },
  ]),
  [
    'to apply what nobody flagged',
    'FOLLOW_UP_NOT_FOUND',
    200,
    async () => {
      const id = await active()
      const input = { followUpId: unknownId, evidence: 'x' }
      return () => app.command('bob', 'applyLearning', id, input)
    },
  ],
  [
    'to drop what was applied',
    'FOLLOW_UP_ENDED',
    200,
    async () => {
      const id = await active()
      const { events } = await app.act('bob', 'flagFollowUp', id, { text: 'x' })
      const { followUpId } = events[0]!.data
      await app.act('bob', 'applyLearning', id, { followUpId, evidence: 'x' })
      return () => app.command('bob', 'dropFollowUp', id, { followUpId, reason: 'x' })
    },
  ],
  [
    'to close while customers wait',
    'OPEN_CONCERNS',
    200,
    async () => {
      const id = await ended()
      await app.act('bob', 'relayFeedback', id, { audience: 'CUSTOMERS', text: 'x' })
      return () => app.command('bob', 'closeIncident', id, {})
    },
    { concerns: 1 },
  ],
  [
    'to begin with a playbook that is not settled',
    'NO_PLAYBOOK',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'startPlaybook', id)
    },
    { type: 'SERVICE' },
  ],
  [
    'to correct an entry of another incident',
    'ENTRY_NOT_FOUND',
    200,
    async () => {
      const id = await active()
      const { eventId } = await withNote(await active())
      return () => app.command('bob', 'correctEntry', id, { eventId, text: 'x', reason: 'y' })
    },
  ],
  [
    'to correct what was retracted',
    'ENTRY_RETRACTED',
    200,
    async () => {
      const { id, eventId } = await withNote(await active())
      await app.act('alice', 'retractEntry', id, { eventId, reason: 'x' })
      return () => app.command('bob', 'correctEntry', id, { eventId, text: 'x', reason: 'y' })
    },
  ],
  [
    'a mark on a mark',
    'ABOUT_THE_RECORD',
    200,
    async () => {
      const { id, eventId } = await withNote(await active())
      const { events } = await app.act('bob', 'markKey', id, { eventId })
      return () => app.command('bob', 'markKey', id, { eventId: events[0]!.id })
    },
  ],
  [
    'to retract a task',
    'NOT_AN_OBSERVATION',
    200,
    async () => {
      const id = await active()
      const { events } = await app.act('alice', 'assignTask', id, task)
      const input = { eventId: events[0]!.id, reason: 'x' }
      return () => app.command('bob', 'retractEntry', id, input)
    },
  ],
  [
    'less severity without a reason',
    'REASON_REQUIRED',
    200,
    async () => {
      const id = await app.declared({ severity: 'SEV1' })
      return () => app.command('bob', 'setSeverity', id, { level: 'SEV3' })
    },
    { field: 'reason' },
  ],
  [
    'to release command without a reason',
    'REASON_REQUIRED',
    200,
    async () => {
      const id = await commanded()
      return () => app.command('alice', 'releaseRole', id, { role: 'INCIDENT_COMMANDER' })
    },
    { field: 'reason' },
  ],
  [
    'a time two minutes ahead',
    'OCCURRED_IN_FUTURE',
    200,
    async () => {
      const id = await active()
      const occurredAt = new Date(Date.parse(app.clock.now()) + 120_000).toISOString()
      return () => say(id, { occurredAt })
    },
  ],
  [
    'a declaration from the future',
    'OCCURRED_IN_FUTURE',
    200,
    async () => () =>
      app.command(
        'alice',
        'declareIncident',
        undefined,
        { title: 'x' },
        { occurredAt: '2036-01-01T00:00:00Z' },
      ),
  ],
  [
    'a move before the declaration',
    'OCCURRED_BEFORE_LAST',
    200,
    async () => {
      const id = await active()
      const options = { occurredAt: '2025-12-31T00:00:00Z' }
      return () => app.command('alice', 'mitigateIncident', id, { summary: 'x' }, options)
    },
  ],
  [
    'a handle that is taken',
    'HANDLE_TAKEN',
    200,
    async () => () => organise('registerPerson', '{ handle: "bob", name: "Bob" }'),
    { handle: 'bob' },
  ],
  [
    'a person called as a group is',
    'HANDLE_TAKEN',
    200,
    async () => {
      await app.organise('defineGroup', { handle: 'night-shift', name: 'Night shift', members: [] })
      return () => organise('registerPerson', '{ handle: "night-shift", name: "Nick" }')
    },
    { handle: 'night-shift' },
  ],
  [
    'a task for a group',
    'GROUP_ASSIGNEE',
    200,
    async () => {
      const id = await active()
      await app.organise('defineGroup', { handle: 'data-team', name: 'Data', members: ['bob'] })
      const assignee = { person: 'data-team' }
      return () => app.command('alice', 'assignTask', id, { ...task, assignee })
    },
    { group: 'data-team' },
  ],
  [
    'a group that there is not',
    'UNKNOWN_GROUP',
    200,
    async () => () => organise('retireGroup', '{ handle: "nobody" }'),
    { handle: 'nobody' },
  ],
  [
    'to end what nobody looks after',
    'NO_SERVICE_OWNER',
    200,
    async () => () => organise('retireServiceOwner', '{ service: "nothing" }'),
    { service: 'nothing' },
  ],
  [
    'an identity that is taken',
    'IDENTITY_TAKEN',
    200,
    async () => {
      const identity = 'identities: [{ provider: "slack", subject: "U9" }]'
      await organise('registerPerson', `{ handle: "eve", name: "Eve", ${identity} }`)
      return () => organise('registerPerson', `{ handle: "evelyn", name: "Eve", ${identity} }`)
    },
  ],
  [
    'a declaration by a template that there is not',
    'UNKNOWN_TEMPLATE',
    200,
    async () => () => app.command('alice', 'declareIncident', undefined, { template: 'none' }),
    { key: 'none' },
  ],
  [
    'a declaration by a retired template',
    'TEMPLATE_RETIRED',
    200,
    async () => {
      await app.organise('defineIncidentTemplate', { key: 'gone', name: 'Gone', title: 'x' })
      await app.organise('retireIncidentTemplate', { key: 'gone' })
      return () => app.command('alice', 'declareIncident', undefined, { template: 'gone' })
    },
  ],
  [
    'a severity by a scale that is none any more',
    'POLICY_CHANGED',
    200,
    async () => {
      const id = await active()
      for (const name of ['Bad', 'Worse'])
        await app.organise('defineSeverityScale', { levels: [{ level: 'SEV5', name }] })
      return () => app.command('alice', 'setSeverity', id, { level: 'SEV2', scaleVersion: 1 })
    },
    { what: 'SEVERITY_SCALE', version: 2 },
  ],
  [
    'a severity scale that says one level twice',
    'INVALID_INPUT',
    200,
    async () => () =>
      organise(
        'defineSeverityScale',
        '{ levels: [{ level: SEV1, name: "Bad" }, { level: SEV1, name: "Worse" }] }',
      ),
    { fields: ['levels'] },
  ],
  [
    'a severity scale that says what is undetermined',
    'INVALID_INPUT',
    200,
    async () => () =>
      organise('defineSeverityScale', '{ levels: [{ level: UNDETERMINED, name: "Unknown" }] }'),
  ],
  [
    'to retire a runbook that nobody defined',
    'UNKNOWN_RUNBOOK',
    200,
    async () => () => organise('retireRunbook', '{ key: "none" }'),
    { key: 'none' },
  ],
  [
    'to retire a response plan that nobody defined',
    'UNKNOWN_PLAN',
    200,
    async () => () => organise('retirePlan', '{ key: "none" }'),
    { key: 'none' },
  ],
  [
    'a runbook with two steps of one key',
    'INVALID_INPUT',
    200,
    async () => () =>
      organise(
        'defineRunbook',
        '{ key: "twice", name: "Twice", steps: [{ key: "a", title: "A" }, { key: "a", title: "B" }] }',
      ),
    { fields: ['steps'] },
  ],
  [
    'a declaration without a title',
    'INVALID_INPUT',
    200,
    async () => () => app.command('alice', 'declareIncident', undefined, { severity: 'SEV1' }),
    { fields: ['title'] },
  ],
  [
    'another custom field under a key that is taken',
    'FIELD_EXISTS',
    200,
    async () => {
      await field('taken')
      return () => organise('defineCustomField', '{ key: "taken", name: "Other", type: TEXT }')
    },
    { key: 'taken', type: 'NUMBER' },
  ],
  [
    'a change of a custom field that nobody defined',
    'UNKNOWN_FIELD',
    200,
    async () => () => organise('changeCustomField', '{ key: "none", name: "x" }'),
    { key: 'none' },
  ],
  [
    'a change of a retired custom field',
    'FIELD_RETIRED',
    200,
    async () => {
      await field('retired')
      await app.organise('retireCustomField', { key: 'retired' })
      return () => organise('changeCustomField', '{ key: "retired", name: "x" }')
    },
  ],
  [
    'words for a number',
    'FIELD_TYPE',
    200,
    async () => {
      await field('number')
      const id = await active()
      const input = { fields: [{ key: 'number', value: { text: 'x' } }] }
      return () => app.command('alice', 'setCustomFields', id, input)
    },
    { key: 'number', type: 'NUMBER' },
  ],
  [
    'an option that a custom field has not',
    'UNKNOWN_OPTION',
    200,
    async () => {
      await field('region', { type: 'SINGLE_SELECT', options: ['Europe'] })
      const id = await active()
      const input = { fields: [{ key: 'region', value: { option: 'Mars' } }] }
      return () => app.command('alice', 'setCustomFields', id, input)
    },
    { key: 'region', option: 'Mars' },
  ],
  [
    'to close without what is required',
    'FIELDS_REQUIRED',
    200,
    async () => {
      const id = await ended()
      await field('needed', { required: true })
      return () => app.command('alice', 'closeIncident', id, {})
    },
    { fields: ['needed'] },
  ],
  [
    'a key that nobody made',
    'KEY_NOT_FOUND',
    200,
    async () => () => organise('revokeApiKey', `{ keyId: "${unknownId}" }`),
  ],
  [
    'a person that nobody registered',
    'UNKNOWN_PERSON',
    200,
    async () => () => organise('updatePerson', `{ personId: "${unknownId}", name: "x" }`),
  ],
  [
    'a key for nobody known',
    'UNKNOWN_PERSON',
    200,
    async () => () =>
      organise('createApiKey', '{ label: "x", scopes: [INCIDENTS_READ], owner: "mallory" }'),
  ],
  [
    'a key that has expired before it begins',
    'INVALID_INPUT',
    200,
    async () => () =>
      organise(
        'createApiKey',
        '{ label: "x", scopes: [INCIDENTS_READ], expiresAt: "2026-01-01T12:00:00Z" }',
      ),
    { fields: ['expiresAt'] },
  ],
  [
    'a key for more than one may oneself',
    'SCOPE_MISSING',
    200,
    async () => () => organise('createApiKey', '{ label: "x", scopes: [INCIDENTS_READ, ACT_AS] }'),
    { needs: 'ACT_AS' },
  ],
  [
    'the hundred and first link',
    'LIMIT_REACHED',
    200,
    async () => {
      const id = await active()
      const link = (n: number) => ({ kind: 'OTHER', url: `https://example.org/${n}` })
      for (let n = 0; n < 100; n++) await app.act('alice', 'addLink', id, link(n))
      return () => app.command('alice', 'addLink', id, link(100))
    },
  ],
  [
    'another payload under a used commandId',
    'COMMAND_ID_REUSED',
    200,
    async () => {
      const id = await active()
      await app.act('alice', 'recordObservation', id, { text: 'x' }, { commandId: 'c' })
      return () => say(id, { commandId: 'c' }, { text: 'y' })
    },
  ],
  [
    'another person’s command under a used commandId',
    'COMMAND_ID_REUSED',
    200,
    async () => {
      const id = await active()
      await app.act('alice', 'recordObservation', id, { text: 'x' }, { commandId: 'c' })
      return () => app.command('bob', 'recordObservation', id, { text: 'x' }, { commandId: 'c' })
    },
  ],
  [
    'another declaration under a used commandId',
    'COMMAND_ID_REUSED',
    200,
    async () => {
      const declare = (title: string) =>
        app.command('alice', 'declareIncident', undefined, { title }, { commandId: 'd' })
      await declare('One')
      return () => declare('Two')
    },
  ],
  [
    'an old revision',
    'VERSION_CONFLICT',
    200,
    async () => {
      const id = await active()
      await app.act('bob', 'recordObservation', id, { text: 'x' })
      return () => say(id, { expectedRevision: 1 })
    },
    {
      revision: 2,
      events: [
        {
          id: expect.any(String),
          type: expect.any(String),
          revision: 2,
          recordedAt: '2026-01-01T12:00:00.000Z',
        },
      ],
    },
  ],
  [
    'a revision that is not there yet',
    'VERSION_CONFLICT',
    200,
    async () => {
      const id = await active()
      return () => say(id, { expectedRevision: 7 })
    },
    { revision: 1, events: [] },
  ],
  [
    'a cursor that is none',
    'INVALID_CURSOR',
    200,
    async () => () => app.ask('rob', '{ people(after: "x") { nodes { id } } }'),
  ],
  [
    'a place that this replica does not know yet',
    'NOT_CAUGHT_UP',
    200,
    async () => () =>
      app.ask(
        'rob',
        `{ people(atLeast: "${Buffer.from(`organisation 999999 ${unknownId}`).toString('base64url')}") { nodes { id } } }`,
      ),
    { behind: 'LOG' },
  ],
  [
    'a mutation without its scope',
    'SCOPE_MISSING',
    403,
    async () => {
      const id = await active()
      return () => app.command('rob', 'claimCommand', id)
    },
    { needs: 'INCIDENTS_WRITE' },
  ],
  [
    'no key at all',
    'UNAUTHENTICATED',
    401,
    async () => () => raw('/graphql', { body: '{}', headers: { authorization: '' } }),
  ],
  [
    'two commands in one request',
    'ONE_MUTATION_ONLY',
    400,
    async () => {
      const id = await active()
      return () =>
        app.ask(
          'alice',
          `mutation { a: claimCommand(incidentId: "${id}") { revision } ...B }
          fragment B on Mutation { joinIncident(incidentId: "${id}") { revision } }`,
        )
    },
  ],
  [
    'what is not GraphQL',
    'GRAPHQL_PARSE_FAILED',
    400,
    async () => () => app.ask('alice', 'mutation { claimCommand('),
  ],
  [
    'a field that is not there',
    'GRAPHQL_VALIDATION_FAILED',
    400,
    async () => () => app.ask('alice', '{ incidents { nodes { lost } } }'),
  ],
  [
    'two people as assignee inline',
    'GRAPHQL_VALIDATION_FAILED',
    400,
    async () => {
      const id = await active()
      return () =>
        app.ask(
          'alice',
          `mutation { assignTask(incidentId: "${id}", input: {
          title: "x", timeboxMinutes: 1, assignee: { person: "bob", role: SCRIBE } }) { revision } }`,
        )
    },
  ],
  [
    'an operation that is not in the document',
    'OPERATION_RESOLUTION_FAILURE',
    400,
    async () => () =>
      raw('/graphql', { body: '{"query":"query A { viewer { scopes } }","operationName":"B"}' }),
  ],
  [
    'a variable of the wrong type',
    'BAD_USER_INPUT',
    400,
    async () => {
      const id = await active()
      return () => app.command('alice', 'setSeverity', id, { level: 'SEV9' })
    },
  ],
  [
    'a malformed time',
    'BAD_USER_INPUT',
    400,
    async () => {
      const id = await active()
      return () => say(id, { occurredAt: 'yesterday' })
    },
  ],
  [
    'too many aliases',
    'TOO_COMPLEX',
    400,
    async () => () =>
      app.ask(
        'alice',
        `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: viewer { scopes }`).join(' ')} }`,
      ),
  ],
  [
    'a body of more than 256 KiB',
    'TOO_LARGE',
    413,
    async () => () => raw('/graphql', { body: JSON.stringify({ query: ' '.repeat(300_000) }) }),
  ],
  ['broken JSON', 'BAD_REQUEST', 400, async () => () => raw('/graphql', { body: '{"query":' })],
  ['an unknown path', 'NOT_FOUND', 404, async () => () => raw('/graphiql', { body: '{}' })],
  [
    'a query in the address',
    'METHOD_NOT_ALLOWED',
    405,
    async () => () => raw('/graphql?query={viewer{scopes}}', { method: 'GET' }),
  ],
  [
    'a form',
    'UNSUPPORTED_MEDIA_TYPE',
    415,
    async () => () =>
      raw('/graphql', {
        body: 'query={viewer{scopes}}',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
  ],
  [
    'a merge into itself',
    'SAME_INCIDENT',
    200,
    async () => {
      const id = await active()
      return () => app.command('alice', 'mergeIncident', id, { into: id })
    },
  ],
  [
    'a merge of what is real into an exercise',
    'MODE_MISMATCH',
    200,
    async () => {
      const [id, into] = [await active(), await app.declared({ mode: 'DRILL' })]
      return () => app.command('alice', 'mergeIncident', id, { into })
    },
  ],
  [
    'a merge into what was cancelled',
    'OTHER_DISMISSED',
    200,
    async () => {
      const [id, into] = [await active(), await active()]
      await app.act('alice', 'cancelIncident', into, { reason: 'None' })
      return () => app.command('alice', 'mergeIncident', id, { into })
    },
  ],
  [
    'to be a part of one’s own part',
    'RELATION_CIRCLE',
    200,
    async () => {
      const [id, parent] = [await active(), await active()]
      await app.act('alice', 'setParent', parent, { parent: id })
      // What the ledger notes of it in the other comes by itself, a moment later.
      const of = `{ incident(id: "${id}") { children { id } } }`
      await until(async () => (await app.told('alice', of)).incident.children.length === 1)
      return () => app.command('alice', 'setParent', id, { parent })
    },
  ],
  ...(['ROLE_HELD', 'NOT_QUALIFIED', 'QUALIFICATION_EXPIRED'] as const).map((code): Row => [
    `a role, as ${code}`,
    code,
    200,
    async () => {
      const id = await app.declared()
      const rules = { exclusive: code === 'ROLE_HELD', qualified: code !== 'ROLE_HELD' }
      const role = 'INTERNAL_LIAISON'
      await app.organise('defineRole', {
        role,
        name: 'Liaison',
        duties: ['Talks'],
        required: false,
        ...rules,
      })
      const bob = { role, person: 'bob' }
      const until = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
      if (code === 'ROLE_HELD') await app.act('alice', 'assignRole', id, bob)
      if (code === 'QUALIFICATION_EXPIRED')
        await app.organise('grantQualification', { ...bob, expiresAt: until })
      if (code === 'QUALIFICATION_EXPIRED') app.clock.push(2)
      return () =>
        app.command('alice', 'assignRole', id, {
          role,
          person: code === 'ROLE_HELD' ? 'carol' : 'bob',
        })
    },
  ]),
]

/**
 * What was written of incidents and the organisation since; a number may be given away in vain, and the
 * access log says who tried what.
 */
const writtenSince = async (position: Position) =>
  (await app.store.readAll(position, 100))
    .filter(({ stream }) => /^(incident-|organisation$)/.test(stream))
    // What falls due meanwhile comes by itself.
    .filter(({ actor }) => actor.type !== 'TIMER')
    .map(({ type }) => type)

test.each(rows.map(row => [...row.slice(0, 2), row] as [string, string, Row]))(
  '%s is refused with %s, and nothing is written',
  async (_what, _code, [, code, status, refused, details]) => {
    const ask = await refused()
    const before = await app.store.head()
    const answer = await ask()
    expect([codeOf(answer), answer.status]).toEqual([code, status])
    if (details) expect(answer.errors![0]!.extensions.details).toEqual(details)
    expect(await writtenSince(before)).toEqual([])
  },
)

describe('a bound of the input', () => {
  const long = (length: number) => 'x'.repeat(length)
  test.each<[string, string, object, string[]]>([
    ['a title too long', 'changeTitle', { title: long(201) }, ['title']],
    ['a title of spaces', 'changeTitle', { title: '   ' }, ['title']],
    ['an empty title', 'changeTitle', { title: '' }, ['title']],
    ['a title of two lines', 'changeTitle', { title: 'a\nb' }, ['title']],
    ['a text too long', 'recordObservation', { text: long(4001) }, ['text']],
    ['a text with NUL', 'recordObservation', { text: 'a\0b' }, ['text']],
    [
      'evidence that is a script',
      'recordObservation',
      { text: 'x', evidence: [{ url: 'https://ok.example.org' }, { url: 'javascript:alert(1)' }] },
      ['evidence[1].url'],
    ],
    [
      'a label too long',
      'recordObservation',
      { text: 'x', evidence: [{ url: 'https://e.org', label: long(201) }] },
      ['evidence[0].label'],
    ],
    [
      'too much evidence',
      'recordObservation',
      { text: 'x', evidence: Array(21).fill({ url: 'https://e.org' }) },
      ['evidence'],
    ],
    ['a link that is no address', 'addLink', { kind: 'OTHER', url: 'war room' }, ['url']],
    ['a link with data', 'addLink', { kind: 'OTHER', url: 'data:text/html,x' }, ['url']],
    ['a link too long', 'addLink', { kind: 'OTHER', url: `https://e.org/${long(2000)}` }, ['url']],
    ['a service that is no key', 'setServices', { services: ['ok', 'Not OK'] }, ['services']],
    [
      'too many services',
      'setServices',
      { services: Array.from({ length: 51 }, (_, i) => `s${i}`) },
      ['services'],
    ],
    ['a time-box of nothing', 'assignTask', { ...task, timeboxMinutes: 0 }, ['timeboxMinutes']],
    [
      'a time-box of more than a day',
      'assignTask',
      { ...task, timeboxMinutes: 1441 },
      ['timeboxMinutes'],
    ],
    [
      'an assignee too long',
      'assignTask',
      { ...task, assignee: { person: long(101) } },
      ['assignee.person'],
    ],
    ['a task id that is none', 'acknowledgeTask', { taskId: 'x' }, ['taskId']],
    ['a reason too long', 'reopenIncident', { reason: long(1001) }, ['reason']],
    ['an entry that is none', 'retractEntry', { eventId: 'x', reason: 'y' }, ['eventId']],
  ])('%s is refused, and its place named', async (_, mutation, input, fields) => {
    const { id } = await withTask(await active())
    const before = await app.store.head()
    const answer = await app.command('alice', mutation, id, input)
    expect(codeOf(answer)).toBe('INVALID_INPUT')
    expect(answer.errors![0]!.extensions.details).toMatchObject({
      fields,
      reasons: expect.any(Array),
    })
    expect(await writtenSince(before)).toEqual([])
  })

  test('a correction of nothing is refused', async () => {
    const { id, eventId } = await withNote(await active())
    expect(codeOf(await app.command('alice', 'correctEntry', id, { eventId, reason: 'x' }))).toBe(
      'INVALID_INPUT',
    )
  })

  test.each(['commandId', 'overrideReason'])(
    '%s takes neither nothing nor too much',
    async option => {
      const id = await active()
      for (const value of ['', '  ', long(option === 'commandId' ? 201 : 1001)]) {
        const answer = await app.command(
          'root',
          'recordObservation',
          id,
          { text: 'x' },
          { [option]: value },
        )
        expect([codeOf(answer), answer.errors![0]!.extensions.details]).toMatchObject([
          'INVALID_INPUT',
          { fields: [option] },
        ])
      }
    },
  )
})

describe.each(['inline', 'in variables'])('nested input given %s', how => {
  const record = (id: string, url: string) => {
    const evidence = { url, label: 'Graph' }
    const input =
      how === 'inline' ? `{ text: "x", evidence: [{ url: "${url}", label: "Graph" }] }` : '$input'
    return app.ask(
      'alice',
      `mutation ($id: ID! ${how === 'inline' ? '' : '$input: RecordObservationInput!'}) {
        recordObservation(incidentId: $id, input: ${input}) { events { data } } }`,
      { id, ...(how !== 'inline' && { input: { text: 'x', evidence: [evidence] } }) },
    )
  }

  test('is taken and stored as it was meant', async () => {
    const { data } = await record(await active(), 'https://example.org/g/1')
    expect(data.recordObservation.events[0].data).toEqual({
      text: 'x',
      evidence: [{ url: 'https://example.org/g/1', label: 'Graph' }],
    })
  })

  test('is checked to its leaves', async () => {
    const refused = await record(await active(), 'not a url')
    expect(codeOf(refused)).toBe('INVALID_INPUT')
    expect(refused.errors![0]!.extensions.details.fields).toEqual(['evidence[0].url'])
  })
})

describe('a lone surrogate', () => {
  const lone = 'a\ud800b'
  const evidence = (url: string, label: string) => ({ text: 'x', evidence: [{ url, label }] })
  const places: [string, string, object, object?][] = [
    ['a title', 'changeTitle', { title: lone }],
    ['a text', 'recordObservation', { text: lone }],
    ['a nested label', 'recordObservation', evidence('https://e.org', lone)],
    ['a nested address', 'recordObservation', evidence(`https://e.org/${lone}`, 'x')],
    ['a list', 'setServices', { services: [lone] }],
    ['a person', 'assignRole', { role: 'SCRIBE', person: lone }],
    ['a nested person', 'assignTask', { ...task, assignee: { person: lone } }],
    ['a reason', 'setSeverity', { level: 'SEV5', reason: lone }],
    ['a commandId', 'recordObservation', { text: 'x' }, { commandId: lone }],
    ['an overrideReason', 'recordObservation', { text: 'x' }, { overrideReason: lone }],
  ]
  test.each(places.map(([place, ...rest]) => [place, rest] as const))(
    'in %s is refused, in a variable and inline',
    async (_, [mutation, input, options]) => {
      const id = await active()
      const before = await app.store.head()
      const answer = await app.command('root', mutation, id, input, options)
      expect([codeOf(answer), answer.status]).toEqual(['INVALID_INPUT', 200])
      const literal = (value: object) =>
        JSON.stringify(value)
          .replace(/"(\w+)":/g, '$1:')
          .replace(/"(SEV\d|SCRIBE)"/g, '$1')
      const inline = await app.ask(
        'root',
        `mutation { ${mutation}(incidentId: "${id}", input: ${literal(input)}, options: ${literal(options ?? {})}) { revision } }`,
      )
      expect(codeOf(inline)).toBe('GRAPHQL_PARSE_FAILED')
      expect(await writtenSince(before)).toEqual([])
    },
  )

  test.each([
    ['registerPerson', { handle: 'frank', name: lone }],
    [
      'registerPerson',
      { handle: 'frank', name: 'F', identities: [{ provider: 'p', subject: lone }] },
    ],
    ['createApiKey', { label: lone, scopes: ['INCIDENTS_READ'] }],
    ['createApiKey', { label: 'x', scopes: ['INCIDENTS_READ'], owner: lone }],
    ['revokeApiKey', { keyId: unknownId, reason: lone }],
  ])('given to %s as %j is refused', async (mutation, input) => {
    const type = mutation.charAt(0).toUpperCase() + mutation.slice(1)
    const document = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { revision } }`
    const before = await app.store.head()
    expect(codeOf(await app.ask('root', document, { input }))).toBe('INVALID_INPUT')
    expect(await writtenSince(before)).toEqual([])
  })

  test('in an incident’s id, a search or a cursor finds nothing and breaks nothing', async () => {
    const search = await app.ask(
      'rob',
      'query ($s: String) { incidents(filter: { search: $s }) { nodes { id } } people(search: $s) { nodes { id } } }',
      { s: lone },
    )
    expect(codeOf(search) ?? search.data).toEqual({
      incidents: { nodes: [] },
      people: { nodes: [] },
    })
    expect(
      codeOf(await app.ask('rob', 'query ($s: ID) { incident(id: $s) { id } }', { s: lone })),
    ).toBe('INCIDENT_NOT_FOUND')
    expect(
      codeOf(
        await app.ask('rob', 'query ($s: Cursor) { events(after: $s) { nodes { id } } }', {
          s: lone,
        }),
      ),
    ).toBe('INVALID_CURSOR')
  })

  test('is no pair: whole characters beyond the first plane are taken', async () => {
    const id = await app.declared({ title: '🔥 in the hall' })
    const { incident } = await app.told('rob', `{ incident(id: "${id}") { title } }`)
    expect(incident.title).toBe('🔥 in the hall')
  })
})

describe('an optional field that is null', () => {
  test.each<[string, string, object, object]>([
    ['of an observation', 'recordObservation', { text: 'x' }, { text: 'x', evidence: null }],
    [
      'of nested evidence',
      'recordObservation',
      { text: 'x', evidence: [{ url: 'https://e.org' }] },
      { text: 'x', evidence: [{ url: 'https://e.org', label: null }] },
    ],
    [
      'of a link',
      'addLink',
      { kind: 'OTHER', url: 'https://e.org' },
      { kind: 'OTHER', url: 'https://e.org', label: null },
    ],
    ['of a severity', 'setSeverity', { level: 'SEV1' }, { level: 'SEV1', reason: null }],
  ])(
    '%s is one left out: the same command under the same name',
    async (_, mutation, absent, given) => {
      const id = await active()
      const first = await app.act('alice', mutation, id, absent, { commandId: 'n' })
      const second = await app.act('alice', mutation, id, given, {
        commandId: 'n',
        occurredAt: null,
        timing: null,
        overrideReason: null,
        expectedRevision: null,
      })
      expect(second).toEqual(first)
      const [event] = (await app.store.read(`incident-${id}`, 0)).slice(-1)
      expect(JSON.stringify(event!.data)).not.toMatch('null')
    },
  )
})

describe('an administrator’s reason', () => {
  test('is put on record where it was needed, and only there', async () => {
    const id = await commanded()
    const { taskId } = await withTask(id)
    const options = { overrideReason: 'Alice is asleep' }
    await app.act('root', 'recordObservation', id, { text: 'x' }, options)
    await app.act('root', 'acknowledgeTask', id, { taskId }, options)
    await app.act('root', 'resolveIncident', id, { summary: 'x' }, options)
    const events = await app.store.read(`incident-${id}`, 0)
    expect(events.slice(-3).map(({ type, overrideReason }) => [type, overrideReason])).toEqual([
      ['ObservationRecorded', undefined],
      ['TaskAcknowledged', 'Alice is asleep'],
      ['IncidentResolved', 'Alice is asleep'],
    ])
    const shown = await app.told(
      'rob',
      `{ events(filter: { incidentId: "${id}" }) { nodes { overrideReason } } }`,
    )
    expect(shown.events.nodes.at(-1).overrideReason).toBe('Alice is asleep')
  })

  test('does not make possible what the state forbids', async () => {
    const id = await ended()
    const answer = await app.command('root', 'claimCommand', id, undefined, { overrideReason: 'x' })
    expect(codeOf(answer)).toBe('INCIDENT_NOT_ACTIVE')
  })
})

/** Codes that no request alone brings about, and where they are provoked instead. */
const elsewhere: Partial<Record<RejectionCode, string>> = {
  ALREADY_DECLARED:
    'a declaration has a fresh id, or one that its commandId found used: test/incident',
  NEWER_VERSION: 'a newer program has to write first: test/commands',
  BUSY: 'several processes have to write at once: test/commands',
  STORE_UNAVAILABLE: 'the store has to fail: test/event-store',
  STORE_FULL: 'the disk has to fill up: test/event-store',
  STORE_DAMAGED: 'somebody has to change stored bytes: test/event-store',
  OVERLOADED: 'the server has to be busy: test/ops/shedding',
  RATE_LIMITED: 'too much has to be asked: test/auth/rates',
  UNKNOWN_SUBJECT: 'an identity provider has to know them: test/auth/tokens',
  PERSISTED_QUERY_NOT_FOUND: 'documents have to be trusted: test/api/trusted-documents',
  DOCUMENT_NOT_TRUSTED: 'documents have to be trusted: test/api/trusted-documents',
  ANSWER_TOO_LARGE: 'an incident has to be large: test/api/answer-size',
  TIMEOUT: 'the server has to be too slow: test/api/hostile',
  INTERNAL: 'a fault of the program: test/api/pipeline',
  REFRESH_REQUIRED: 'a place of another history: test/live/following',
  SLOW_CONSUMER: 'nothing is taken: test/live/following',
  ORIGIN_NOT_ALLOWED: 'a page has to open a socket: test/live/websocket-upgrades',
}

test('every code of the schema is provoked here, or a reason is given', () => {
  const provoked = rows.map(([, code]) => code as string)
  expect([...new Set([...provoked, ...Object.keys(elsewhere)])].toSorted()).toEqual(
    refusalCodes.toSorted(),
  )
  expect(provoked.filter(code => code in elsewhere)).toEqual([])
})

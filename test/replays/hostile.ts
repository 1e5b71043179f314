import type { StreamEvent } from '../../src/replays/incident-at.js'
import { declared, happened, id, minute, saw, stream } from './story.js'

const taskId = (number: number) => `0198c0de-0000-7000-8000-00000000000${number}`
const bob = { by: 'bob' }

/** An incident of two people, a handoff, two days, and texts that would like to be Markdown. */
export const hostile: StreamEvent[] = stream(
  {
    ...declared,
    data: { ...declared.data, title: 'Checkout | fails `often` <script>alert(1)</script>' },
  },
  happened(0, 'SeveritySet', { level: 'UNDETERMINED' }),
  happened(0, 'ServicesSet', { services: ['checkout-api', 'payments'] }),
  happened(1, 'ResponderJoined', { person: 'alice' }),
  happened(2, 'CommandClaimed', { commander: 'alice' }),
  happened(3, 'SeveritySet', { level: 'SEV1', reason: 'All | shops\n| - |\n# down' }),
  happened(4, 'LinkAdded', {
    kind: 'WAR_ROOM',
    url: 'https://meet.example/a_(b)?c=*d*',
    label: 'Join](javascript:alert(1))',
  }),
  happened(5, 'TaskAssigned', {
    taskId: taskId(1),
    title: 'Roll `v42` back | quickly ~~maybe~~',
    assignee: 'bob',
    viaRole: 'SUBJECT_MATTER_EXPERT',
    dueAt: minute(20),
  }),
  happened(6, 'TaskAcknowledged', { taskId: taskId(1) }, bob),
  happened(
    7,
    'ObservationRecorded',
    {
      text: '# Not a heading\n\n- not a list\n1. nor this\n    not code\n```\nnot a fence\n[click](javascript:alert(1)) ![x](https://evil.example/x.png) <img src=x onerror=alert(1)>\n| a | b |\n| - | - |\n***\n[1]: https://evil.example',
      evidence: [
        { url: 'https://graphs.example/1?a=<b>', label: 'Never shown' },
        { url: 'https://graphs.example/errors?from=11:50&to=12:10', label: 'Errors | by *shop*' },
        { url: 'https://logs.example/checkout' },
      ],
    },
    bob,
  ),
  saw(-12, 'The deploy of v42 ends', { ...bob, recordedAt: minute(9), timing: 'APPROXIMATE' }),
  saw(9, 'The CDN is down as well'),
  happened(12, 'EntryRetracted', { eventId: id(11), reason: 'That was another incident' }),
  saw(14, 'Errors at 5 %'),
  happened(15, 'EntryCorrected', {
    eventId: id(13),
    text: 'Errors at 50 %',
    occurredAt: minute(13),
    reason: 'A typo',
  }),
  happened(25, 'TaskExtended', {
    taskId: taskId(1),
    dueAt: minute(40),
    reason: 'The build is slow',
  }),
  happened(30, 'HandoffOffered', { to: 'bob', briefRevision: 15, note: 'I am | off\nat one' }),
  happened(32, 'HandoffAccepted', { from: 'alice', to: 'bob' }, bob),
  happened(
    33,
    'TaskAssigned',
    { taskId: taskId(2), title: 'Tell the shops', assignee: 'alice', dueAt: minute(60) },
    bob,
  ),
  happened(38, 'TaskCompleted', { taskId: taskId(1), finding: 'v41 is back' }, bob),
  happened(39, 'IncidentMitigated', { summary: 'v41 is back, errors at 0 %' }, bob),
  happened(39, 'SeveritySet', { level: 'SEV3', reason: 'Only late orders are left' }, bob),
  saw(300, 'Somebody restarted the queue', { ...bob, timing: 'UNKNOWN' }),
  happened(760, 'IncidentResolved', { summary: 'All orders are through' }, bob),
  { ...saw(765, 'x'), type: 'TaskSealed', data: {} },
)

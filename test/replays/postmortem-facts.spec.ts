import { describe, expect, test } from '@jest/globals'
import { commandHistory } from '../../src/replays/command-history.js'
import { postmortem } from '../../src/replays/postmortem.js'
import { severityHistory, worst } from '../../src/replays/severity-history.js'
import { type Fact, imported } from './imported.js'
import { declared, happened, id, minute, name, saw, stream } from './story.js'

type Told = Parameters<typeof stream>
const bob = { by: 'bob' }
const claimed = happened(2, 'CommandClaimed', { commander: 'alice' })
const resolved = happened(100, 'IncidentResolved', { summary: 'Fixed' })
const gapsOf = (...events: Told) =>
  postmortem(stream(...events), name).gaps.map(({ from, until }) => [from, until])

const exact = { timing: null }

describe('the history of command', () => {
  test('tells who had it, from when until when, and how', () =>
    expect(
      commandHistory(
        stream(
          declared,
          claimed,
          happened(9, 'HandoffOffered', { to: 'bob', briefRevision: 1, note: 'Off at ten' }),
          happened(12, 'HandoffAccepted', { from: 'alice', to: 'bob' }, bob),
          happened(20, 'CommandReleased', { commander: 'bob', reason: 'Asleep' }, bob),
        ),
        name,
      ),
    ).toEqual([
      {
        ...exact,
        commander: null,
        from: minute(0),
        until: minute(2),
        how: 'The incident was declared',
      },
      {
        ...exact,
        commander: 'alice',
        from: minute(2),
        until: minute(12),
        how: 'Alice took command: “This is Alice, I am the incident commander.”',
      },
      {
        ...exact,
        commander: 'bob',
        from: minute(12),
        until: minute(20),
        how: 'Bob took command over from Alice, offered 3 minutes before: Off at ten',
      },
      {
        ...exact,
        commander: null,
        from: minute(20),
        until: null,
        how: 'Bob left command vacant: Asleep',
      },
    ]))

  test('begins with the commander if command was claimed at once', () =>
    expect(
      commandHistory(
        stream(declared, happened(0, 'CommandClaimed', { commander: 'bob' })),
        name,
      ).map(({ commander }) => commander),
    ).toEqual(['bob']))

  test('follows a corrected time, but never ends before it begins', () => {
    const correct = (occurredAt: string) =>
      happened(30, 'EntryCorrected', { eventId: id(1), occurredAt, reason: 'x' })
    const starts = (occurredAt: string) =>
      commandHistory(stream(declared, claimed, correct(occurredAt)), name).at(-1)!.from
    expect(starts(minute(1))).toBe(minute(1))
    expect(starts(minute(-5))).toBe(minute(0))
  })
})

test('the history of severity tells the level, the times, who and why', () => {
  const periods = severityHistory(
    stream(
      declared,
      happened(0, 'SeveritySet', { level: 'UNDETERMINED' }),
      happened(4, 'SeveritySet', { level: 'SEV2', reason: 'One region' }, bob),
    ),
  )
  const alice = { type: 'USER', id: 'alice' }
  const said = { ...exact, reason: null, scaleVersion: null }
  expect(periods).toEqual([
    { ...said, level: 'UNDETERMINED', from: minute(0), until: minute(4), by: alice },
    {
      ...said,
      level: 'SEV2',
      from: minute(4),
      until: null,
      by: { ...alice, id: 'bob' },
      reason: 'One region',
    },
  ])
  expect(worst(periods)).toBe('SEV2')
  expect(worst(periods.slice(0, 1))).toBe('UNDETERMINED')
})

test('a time that is not known is not made up', () => {
  const { markdown } = postmortem(
    stream(
      declared,
      happened(3, 'CommandClaimed', { commander: 'alice' }, { timing: 'UNKNOWN' }),
      happened(5, 'SeveritySet', { level: 'SEV2', reason: 'x' }, { timing: 'APPROXIMATE' }),
    ),
    name,
  )
  expect(markdown).toMatch(/\| time not known\s*\| Alice/)
  expect(markdown).toMatch(/\| about 12:05\s*\| SEV2/)
})

test('the agenda holds what was put off until the review, in the order it happened', () => {
  const { agenda, markdown } = postmortem(
    stream(
      declared,
      happened(9, 'InstructionDeferred', { from: 'bob', text: 'Restart\n# all' }),
      saw(4, 'Seen'),
      happened(5, 'SeverityContested', { level: 'SEV3', proposed: 'SEV1', reason: 'All shops' }),
    ),
    name,
  )
  expect(agenda).toEqual([
    {
      kind: 'SEVERITY_CONTESTED',
      eventId: id(3),
      at: minute(5),
      sentence: 'Alice contested the severity SEV3 and proposed SEV1, for the review: All shops',
    },
    {
      kind: 'INSTRUCTION_DEFERRED',
      eventId: id(1),
      at: minute(9),
      sentence: 'Alice deferred to the review what Bob instructed: Restart\n# all',
    },
  ])
  expect(markdown).toContain(
    '## For the review\n\n- Alice contested the severity SEV3 and proposed SEV1, for the review: All shops\n- Alice deferred to the review what Bob instructed: Restart\\\n  \\# all\n',
  )
  expect(postmortem(stream(declared), name).markdown).not.toContain('For the review')
})

describe('a gap', () => {
  test('is more than 30 minutes without an entry between declaration and resolution', () => {
    expect(gapsOf(declared, saw(30, 'a'), saw(60, 'b'), resolved)).toEqual([
      [minute(60), minute(100)],
    ])
    expect(gapsOf(declared, saw(31, 'a'), saw(61, 'b'), saw(90, 'c'), resolved)).toEqual([
      [minute(0), minute(31)],
    ])
  })

  test('is not before the declaration nor after the resolution', () =>
    expect(
      gapsOf(
        saw(-90, 'a'),
        declared,
        { ...resolved, ...saw(10, 'x'), type: 'IncidentResolved', data: { summary: 'x' } },
        saw(99, 'b'),
      ),
    ).toEqual([]))

  test('ends with the last entry while nothing is resolved', () =>
    expect(gapsOf(declared, saw(40, 'a'))).toEqual([[minute(0), minute(40)]]))

  test('is not filled by what the ledger did by itself', () =>
    expect(
      gapsOf(
        declared,
        {
          ...happened(20, 'TaskTimeboxExpired', { taskId: '1', dueAt: minute(20) }),
          actor: { type: 'TIMER', id: 'task-timebox' },
        },
        saw(45, 'a'),
      ),
    ).toEqual([[minute(0), minute(45)]]))

  test('is not filled by what was retracted or has no known time', () =>
    expect(
      gapsOf(
        declared,
        saw(20, 'a'),
        happened(21, 'EntryRetracted', { eventId: id(1), reason: 'x' }, { timing: 'UNKNOWN' }),
        saw(20, 'b', { timing: 'UNKNOWN' }),
        saw(45, 'c'),
      ),
    ).toEqual([[minute(0), minute(45)]]))

  test('is not where something lasted', () =>
    expect(gapsOf(declared, saw(5, 'a', { occurredUntil: minute(80) }), resolved)).toEqual([]))
})

describe('the summary', () => {
  const summary = (...events: Told) => postmortem(stream(...events), name).summary

  test('of an open incident says so, and that nobody is on record as its commander', () =>
    expect(summary(declared)).toBe(
      '“Checkout fails” (INC-7), a service incident, was declared by Alice on 2026-01-01 at 12:00 UTC. On record it is still active. Nobody is on record as its commander. The record has 0 observations.',
    ))

  test.each([
    ['IncidentCancelled', 'It was cancelled: it turned out to be none.'],
    ['IncidentDeclined', 'It was declined in triage.'],
  ] as const)('of %s says how it ended', (type, said) =>
    expect(summary(declared, happened(5, type, { reason: 'x' }))).toContain(said),
  )

  test('counts reopenings, and from the declaration', () =>
    expect(
      summary(
        declared,
        happened(0, 'IncidentMitigated', { summary: 'x' }),
        happened(5, 'IncidentReopened', { reason: 'x' }),
        resolved,
      ),
    ).toContain(
      'It was mitigated after less than a minute and resolved after 1 hour 40 minutes. It was reopened once.',
    ))

  test('of a near miss calls it so', () =>
    expect(summary(declared, happened(0, 'NearMissReported', {}))).toMatch(
      /^“Checkout fails” \(INC-7\), a service near miss, was declared/,
    ))

  const major = happened(3, 'MajorIncidentDeclared', { reason: 'x' })
  const stoodDown = happened(9, 'MajorIncidentStoodDown', { reason: 'x' })
  test.each<[string, Told]>([
    ['It was declared a major incident.', [major]],
    ['It was declared a major incident and stood down.', [major, stoodDown]],
    ['It was declared a major incident twice.', [major, stoodDown, major]],
  ])('says: %s', (said, events) => expect(summary(declared, ...events)).toContain(` ${said} `))

  test('speaks of the type that it is handled as', () => {
    const reclassified = { from: 'SERVICE', to: 'SECURITY', reason: 'x' } as const
    expect(summary(declared, happened(5, 'IncidentReclassified', reclassified))).toContain(
      'a security incident, was declared',
    )
  })

  test('of an incident in review calls it over', () =>
    expect(summary(declared, resolved, happened(120, 'PostIncidentBegun', {}))).not.toContain(
      'On record it is still',
    ))

  test('says what is missing when a newer version wrote to the incident', () =>
    expect(summary(declared, { ...saw(1, 'x'), type: 'TaskSealed' })).toContain(
      'of a newer version',
    ))
})

describe('an imported incident', () => {
  const fact = (at: string | null, kind: string, text: string, more: Partial<Fact> = {}): Fact => ({
    at: at && `2026-01-01T${at}:00Z`,
    kind,
    text,
    ...more,
  })
  const facts = [
    fact(null, 'CONTRIBUTING_FACTOR', 'An old setting'),
    fact('12:00', 'IMPACT_STARTED', 'Errors rise'),
    fact('12:10', 'DECLARED', 'Incident opened', { approximate: true, actor: 'on-call' }),
    fact(null, 'FINDING', 'A full disk'),
    fact('12:30', 'MITIGATED', 'Traffic moved', { evidence: 'https://a.example/1' }),
    fact('12:50', 'RESOLVED', 'Disk replaced'),
  ]
  const told = (given: Fact[]) =>
    postmortem(imported({ title: 'Disk full', type: 'SERVICE', facts: given }), name)

  test('is told in file order, each fact once, with its time as well as it is known', () => {
    const { markdown } = told(facts)
    expect(markdown.slice(markdown.indexOf('- '), markdown.length)).toContain(
      [
        '- _time not known_ Contributing factor: An old setting',
        '- **12:00** Impact started: Errors rise',
        '- **about 12:10** Declared, on-call: Incident opened',
        '- **about 12:10** Import left the severity undetermined, to be treated as SEV1',
        '- _time not known_ Finding: A full disk',
        '- **12:30** Mitigated: Traffic moved ([1])',
        '- **12:50** Resolved: Disk replaced',
      ].join('\n'),
    )
  })

  test('has tasks with what is told of them, and no more', () => {
    const recorded = (minutes: number, more: object, extra: object = {}) =>
      happened(
        minutes,
        'TaskRecorded',
        { taskId: `t${minutes}`, title: `Task ${minutes}`, status: 'IN_PROGRESS', ...more },
        extra,
      )
    const done = { status: 'COMPLETED' }
    const tasksOf = (...events: ReturnType<typeof recorded>[]) => {
      const { markdown, summary } = postmortem(stream(declared, ...events), name)
      const rows = markdown.split('\n').filter(line => line.startsWith('| Task '))
      return [...rows, /Of \d+ task.*?\./.exec(summary)![0]]
    }
    expect(
      tasksOf(
        recorded(1, { assignee: 'bob' }),
        recorded(2, done, { timing: 'APPROXIMATE' }),
        recorded(3, done, { timing: 'UNKNOWN' }),
        recorded(4, {}, { timing: 'UNKNOWN' }),
        happened(5, 'TaskCompleted', { taskId: 't4' }),
      ),
    ).toEqual([
      '| Task | Whose | Started | How far |',
      '| Task 1 | Bob | 12:01 | no end on record |',
      '| Task 2 | | | completed about 12:02 |',
      '| Task 3 | | | completed, time not known |',
      '| Task 4 | | time not known | completed 12:05 |',
      'Of 4 tasks, 3 were completed and 1 has no end on record.',
    ])
    const given = { taskId: 'g', title: 'Task given', assignee: 'bob', dueAt: minute(9) }
    expect(tasksOf(recorded(1, {}), recorded(2, {}), happened(3, 'TaskAssigned', given))).toEqual([
      '| Task | Whose | Given | Due | How far |',
      '| Task 1 | | 12:01 | | no end on record |',
      '| Task 2 | | 12:02 | | no end on record |',
      '| Task given | Bob | 12:03 | 12:09 | assigned |',
      'Of 3 tasks, 1 was left open and 2 have no end on record.',
    ])
  })

  test('was declared by nobody that the ledger knows, after a time that is only about known', () =>
    expect(told(facts).summary).toMatch(
      /^“Disk full” \(INC-7\), a service incident, was declared on 2026-01-01 at about 12:10 UTC. It was put on record afterwards. .* It was mitigated after about 20 minutes and resolved after about 40 minutes\./,
    ))

  test('without a declaration has a record that begins', () =>
    expect(told(facts.filter(({ kind }) => kind !== 'DECLARED')).summary).toMatch(
      /^The record of “Disk full” \(INC-7\), a service incident, begins on 2026-01-01 at 12:30 UTC\./,
    ))

  test('is never late', () => expect(told(facts).timeline.filter(({ late }) => late)).toEqual([]))
})

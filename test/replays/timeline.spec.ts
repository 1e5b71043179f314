import { describe, expect, test } from '@jest/globals'
import { postmortem } from '../../src/replays/postmortem.js'
import { type TimelineOptions, timeline } from '../../src/replays/timeline.js'
import { declared, happened, id, minute, name, saw, stream } from './story.js'

type Told = Parameters<typeof stream>
const sentences = (events: Told, options?: TimelineOptions) =>
  timeline(stream(...events), name, options).map(({ sentence }) => sentence)
const correct = (minutes: number, eventId: string, change: object) =>
  happened(minutes, 'EntryCorrected', { eventId, reason: 'A slip', ...change })
const retract = (minutes: number, eventId: string) =>
  happened(minutes, 'EntryRetracted', { eventId, reason: 'Wrong incident' })

describe('the order of a timeline', () => {
  const events: Told = [
    declared,
    saw(5, 'Errors fall'),
    saw(-10, 'Errors rise', { recordedAt: minute(6) }),
    saw(-10, 'Graph is red', { recordedAt: minute(7) }),
  ]

  test('is that of what happened, ties by revision', () =>
    expect(sentences(events)).toEqual([
      'Alice: Errors rise',
      'Alice: Graph is red',
      'Alice declared “Checkout fails”',
      'Alice: Errors fall',
    ]))

  test('is that of the record when asked for', () =>
    expect(sentences(events, { order: 'RECORDED' })).toEqual([
      'Alice declared “Checkout fails”',
      'Alice: Errors fall',
      'Alice: Errors rise',
      'Alice: Graph is red',
    ]))

  test('gives what has no known time its place, and no time', () => {
    const unknown = saw(5, 'Somebody rebooted it', { timing: 'UNKNOWN' })
    const shown = timeline(stream(declared, saw(5, 'a'), unknown, saw(6, 'b')), name)
    expect(shown.map(({ occurredAt }) => occurredAt)).toEqual([
      minute(0),
      minute(5),
      null,
      minute(6),
    ])
    expect(shown[2]).toMatchObject({ timing: 'UNKNOWN', at: minute(5), late: false })
  })
})

describe('a corrected entry', () => {
  const events: Told = [
    declared,
    saw(5, 'Errors at 5 %'),
    happened(6, 'CommandClaimed', { commander: 'bob' }),
    correct(9, id(1), { text: 'Errors at 50 %', occurredAt: minute(-3), timing: 'APPROXIMATE' }),
    correct(10, id(2), { occurredAt: minute(-5) }),
  ]

  test('stands with its right words at its right place, the correction unseen', () => {
    const shown = timeline(stream(...events), name)
    expect(shown.map(({ eventId }) => eventId)).toEqual([id(2), id(1), id(0)])
    expect(shown[1]).toMatchObject({
      sentence: 'Alice: Errors at 50 %',
      occurredAt: minute(-3),
      timing: 'APPROXIMATE',
      correction: 'CORRECTED',
      original: null,
      recordedAt: minute(5),
    })
    expect(shown[0]).toMatchObject({ correction: 'CORRECTED', timing: null })
  })

  test('shows in its history what it said first, and the corrections', () => {
    const shown = timeline(stream(...events), name, { showHistory: true })
    expect(shown.map(({ eventId }) => eventId)).toEqual([id(2), id(1), id(0), id(3), id(4)])
    expect(shown[1]!.original).toBe('Alice: Errors at 5 %')
    expect(shown[0]!.original).toBeNull()
    expect(shown[3]!.sentence).toContain('corrected an entry to “Errors at 50 %”')
  })

  test('keeps the last of several corrections', () =>
    expect(sentences([...events, correct(11, id(1), { text: 'Errors at 15 %' })])).toContain(
      'Alice: Errors at 15 %',
    ))

  test('is no later for its right time', () => {
    const early = correct(9, id(1), { occurredAt: minute(-30) })
    expect(timeline(stream(declared, saw(5, 'a'), early), name)[0]!.late).toBe(false)
  })
})

describe('a retracted observation', () => {
  const events: Told = [declared, saw(5, 'Disk is full'), retract(6, id(1))]

  test('is not shown', () => expect(sentences(events)).toEqual(['Alice declared “Checkout fails”']))

  test('is shown in the history as what was taken back', () =>
    expect(
      timeline(stream(...events), name, { showHistory: true }).map(({ correction }) => correction),
    ).toEqual(['NONE', 'RETRACTED', 'NONE']))
})

describe('what is late', () => {
  test.each([
    [
      'recorded five minutes after it occurred is not',
      saw(0, 'a', { recordedAt: minute(5) }),
      false,
    ],
    ['recorded later than that is', saw(0, 'a', { recordedAt: minute(5.01) }), true],
    [
      'recorded in a retrospective is not',
      saw(0, 'a', { recordedAt: minute(500), mode: 'RETROSPECTIVE' }),
      false,
    ],
    ['of unknown time is not', saw(0, 'a', { recordedAt: minute(9), timing: 'UNKNOWN' }), false],
  ])('%s', (_, seen, late) => expect(timeline(stream(seen), name)[0]!.late).toBe(late))
})

describe('a fact that was imported as an observation and as the command that it was', () => {
  const mode = 'RETROSPECTIVE'
  const events: Told = [
    { ...declared, mode },
    happened(0, 'SeveritySet', { level: 'UNDETERMINED' }, { mode }),
    saw(0, 'Pager rings', { mode }),
    saw(0, 'Declared: on-call opens an incident', { mode, causationId: id(0) }),
    saw(30, 'Mitigated: traffic moved', { mode }),
    happened(30, 'IncidentMitigated', { summary: 'traffic moved' }, { mode, causationId: id(4) }),
  ]

  test('is one entry in the words of the observation', () => {
    const shown = timeline(stream(...events), name)
    expect(shown).toHaveLength(4)
    expect(shown[3]).toMatchObject({
      eventId: id(4),
      sentence: 'Alice: Mitigated: traffic moved',
      kind: 'FACT',
      alsoTells: [id(5)],
    })
  })

  test('stands, as the declaration, before others of the same instant', () =>
    expect(timeline(stream(...events), name)[0]).toMatchObject({
      eventId: id(3),
      alsoTells: [id(0)],
      kind: 'FACT',
    }))

  test('moves whole when the time of either is corrected', () => {
    for (const eventId of [id(4), id(5)]) {
      const moved = timeline(
        stream(...events, correct(40, eventId, { occurredAt: minute(-9) })),
        name,
      )
      expect(moved[0]).toMatchObject({ eventId: id(4), at: minute(-9), correction: 'CORRECTED' })
    }
  })

  test('is told by the command again when the observation is retracted', () =>
    expect(sentences([...events, retract(40, id(4))])).toContain('Alice mitigated: traffic moved'))
})

test('what one command wrote together stays separate', () =>
  expect(
    sentences([
      declared,
      happened(0, 'CommandTaken', { from: 'alice', commander: 'bob', reason: 'Asleep' }),
      happened(0, 'HandoffVoided', { to: 'carol' }),
    ]),
  ).toHaveLength(3))

test('an entry carries what its event does', () =>
  expect(
    timeline(
      stream(
        declared,
        happened(
          2,
          'ObservationRecorded',
          { text: 'Red', evidence: [{ url: 'https://graphs.example/1', label: 'Errors' }] },
          { occurredUntil: minute(3), by: 'bob' },
        ),
      ),
      name,
    )[1],
  ).toEqual({
    eventId: id(1),
    revision: 1,
    type: 'dev.incidentledger.incident.observation_recorded.v1',
    kind: 'COMMENTARY',
    occurredAt: minute(2),
    timing: null,
    occurredUntil: minute(3),
    recordedAt: minute(2),
    actor: { type: 'USER', id: 'bob' },
    sentence: 'Bob: Red',
    isKey: false,
    evidence: [
      { url: 'https://graphs.example/1', label: 'Errors', sha256: null, attachedBy: null },
    ],
    correction: 'NONE',
    original: null,
    late: false,
    alsoTells: [],
    at: minute(2),
  }))

test('erased evidence, and what is no web address, is not shown as evidence', () => {
  const evidence = [{ url: 'javascript:alert(1)' }, { url: '[erased]' }]
  for (const erased of ['[erased]', evidence])
    expect(
      timeline(stream({ ...saw(0, 'a'), data: { text: 'a', evidence: erased } }), name)[0]!
        .evidence,
    ).toEqual([])
})

test('an event of a newer version is a fact that this version does not know', () =>
  expect(timeline(stream(declared, { ...saw(1, 'x'), type: 'TaskSealed' }), name)[1]).toMatchObject(
    {
      kind: 'FACT',
      sentence:
        'Something that this version of the program does not know: dev.incidentledger.incident.task_sealed.v1',
    },
  ))

describe('an entry that was marked or shown later', () => {
  const sha256 = 'a'.repeat(64)
  const attach = (minutes: number, data: object) =>
    happened(minutes, 'EvidenceAttached', {
      eventId: id(1),
      url: 'https://e.org/1',
      caption: 'A graph',
      ...data,
    })
  const events = stream(
    declared,
    saw(1, 'Errors rise', {
      data: { text: 'Errors rise', evidence: [{ url: 'https://e.org/0' }] },
    }),
    happened(2, 'KeyEntryMarked', { eventId: id(0) }),
    happened(3, 'KeyEntryMarked', { eventId: id(1) }),
    happened(4, 'KeyEntryUnmarked', { eventId: id(0) }),
    attach(5, { sha256 }),
    attach(6, { caption: 'Of another incident' }),
    happened(7, 'EntryRetracted', { eventId: id(6), reason: 'x' }),
    attach(8, { url: 'javascript:alert(1)' }),
  )

  test('says so itself; that it was is history', () => {
    expect(timeline(events, name).map(({ eventId, isKey }) => [eventId, isKey])).toEqual([
      [id(0), false],
      [id(1), true],
    ])
    expect(timeline(events, name, { showHistory: true })).toHaveLength(events.length)
  })

  test('shows what stands of what was attached after what was recorded with it', () =>
    expect(timeline(events, name)[1]!.evidence).toEqual([
      { url: 'https://e.org/0', label: null, sha256: null, attachedBy: null },
      { url: 'https://e.org/1', label: 'A graph', sha256, attachedBy: id(5) },
    ]))

  test('is in the short story of the postmortem, with its evidence', () => {
    const { keyEntries, markdown } = postmortem(events, name)
    expect(keyEntries.map(({ eventId }) => eventId)).toEqual([id(1)])
    expect(markdown).toMatch(/## Key entries\n[^#]*### 2026-01-01\n[^#]*Errors rise/)
    expect(markdown).toMatch('<https://e.org/1>')
    expect(postmortem(stream(declared), name).markdown).not.toMatch('Key entries')
  })
})

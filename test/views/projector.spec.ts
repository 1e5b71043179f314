import { expect, test } from '@jest/globals'
import { StoreDamaged, StoreUnavailable } from '../../src/event-store/event-store.js'
import type { SealedEvent, StoredEvent } from '../../src/event-store/stored-event.js'
import { Projector } from '../../src/views/projector.js'
import { quarantined, quarantinedCount } from '../../src/views/quarantine.js'
import { Rebuild } from '../../src/views/rebuild.js'
import { declaredAs, eventOf } from './support/events.js'
import { exampleHistory } from './support/histories.js'
import { type Ledger, tablesOf, withLedger } from './support/ledgers.js'

const history = exampleHistory(4, 300)
const expected = withLedger(history, ledger => {
  ledger.project()
  return ledger.views(tablesOf)
})

/** Lets every change of the checkpoint fail, as a crash before the commit would. */
const crash = (ledger: Ledger) =>
  ledger.views(db =>
    db.exec(
      `create trigger crash before update on checkpoint begin select raise(abort, 'crash'); end`,
    ),
  )
const recover = (ledger: Ledger) => ledger.views(db => db.exec('drop trigger crash'))

test('a crash between rows and checkpoint leaves neither, and the next try is exact', () =>
  withLedger(history, ledger => {
    ledger.project(50)
    const before = ledger.views(tablesOf)
    crash(ledger)
    const projector = new Projector(ledger.folder, ledger.log)
    for (let attempt = 0; attempt < 3; attempt++) expect(() => projector.catchUp()).toThrow('crash')
    recover(ledger)
    expect(ledger.views(tablesOf)).toEqual(before)
    projector.catchUp()
    projector.close()
    expect(ledger.views(tablesOf)).toEqual(expected)
  }))

test('what is delivered twice counts once', () =>
  withLedger(history, ledger => {
    ledger.project()
    ledger.views(db => db.exec('update checkpoint set position = 17'))
    ledger.project(31)
    ledger.views(db => db.exec('update checkpoint set position = 0'))
    ledger.project()
    expect(ledger.views(tablesOf)).toEqual(expected)
  }))

test('the rows are the same when a log cannot be read for a while', () =>
  withLedger(history, ledger => {
    let reads = 0
    // Ever more rarely: to take a page takes several reads.
    const fitful = () => {
      if (Number.isInteger(Math.sqrt(reads++))) throw new StoreUnavailable('Not now')
    }
    const projector = new Projector(ledger.folder, {
      read: (stream, from) => (fitful(), ledger.log.read(stream, from)),
      readAll: (after, limit) => (fitful(), ledger.log.readAll(after, limit)),
    })
    for (let done = false; !done;)
      try {
        ;({ done } = projector.catchUp(20))
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailable)
      }
    projector.close()
    expect(ledger.views(tablesOf)).toEqual(expected)
  }))

/** An incident with an event in its middle that no fold or no row can follow. */
function poisoned(type: string, data: object): SealedEvent[] {
  const events: SealedEvent[] = []
  const add = (type: string, data: object) =>
    events.push(eventOf('incident-poisoned', events, { type, data }))
  add('IncidentDeclared', {
    reference: 'INC-9',
    title: 'Before',
    type: 'SERVICE',
    mode: 'LIVE',
    status: 'ACTIVE',
  })
  add('ServicesSet', { services: ['api'] })
  add(type, data)
  add('TitleChanged', { title: 'After' })
  return events
}

test.each([
  ['cannot be folded', 'CommandClaimed', null],
  ['no row can show', 'SeveritySet', {}],
  ['only the last of several rows cannot show', 'ServicesSet', { services: [[]] }],
])('an event that %s stops its incident alone', (_, type, data) => {
  const poison = poisoned(type, data as object)
  withLedger([...history.slice(0, 60), ...poison, ...history.slice(60)], ledger => {
    const projector = new Projector(ledger.folder, ledger.log)
    while (!projector.catchUp(7).done);
    projector.close()
    const live = ledger.views(tablesOf)
    expect(ledger.views(quarantined)).toEqual([
      expect.objectContaining({
        position: 63n,
        id: poison[2]!.id,
        type,
        stream: 'incident-poisoned',
      }),
    ])
    expect(ledger.views(quarantinedCount)).toBe(1)
    const row = ledger.views(db =>
      db.prepare(`select title, revision, services from incident_list where id = 'poisoned'`).get(),
    )
    expect(row).toEqual({ title: 'Before', revision: 1, services: '["api"]' })
    for (const table of ['incident_list', 'task_board'])
      expect(live[table]!.filter(row => !row.includes('poisoned'))).toEqual(expected[table])
    const rebuild = Rebuild.start(ledger.folder, ledger.log)
    while (!rebuild.step(50).done);
    rebuild.finish()
    expect(ledger.views(tablesOf)).toEqual(live)
  })
})

const damage = (ledger: Ledger, stream: string) =>
  ledger.logDb
    .prepare(
      `update events set bytes = replace(bytes, 'actor', 'actr') where stream = ? and revision = 0`,
    )
    .run(stream)

test('one damaged stream is put aside, and more than one is the log’s damage and is reported', () =>
  withLedger(history, ledger => {
    ledger.project()
    damage(ledger, 'incident-0')
    const next = (stream: string) => {
      const before = history.filter(event => event.stream === stream)
      return eventOf(stream, before, { type: 'TitleChanged', data: { title: 'Changed' } })
    }
    ledger.append([next('incident-0'), next('incident-1')])
    ledger.project()
    expect(ledger.views(quarantined)).toEqual([
      expect.objectContaining({ stream: 'incident-0', error: expect.stringContaining('changed') }),
    ])
    damage(ledger, 'incident-2')
    ledger.append([next('incident-2')])
    expect(() => ledger.project()).toThrow(StoreDamaged)
    expect(ledger.views(quarantinedCount)).toBe(1)
  }))

test('a log that is damaged where it goes on is reported', () =>
  withLedger(history, ledger => {
    damage(ledger, history[0]!.stream)
    const projector = new Projector(ledger.folder, ledger.log)
    expect(() => projector.catchUp()).toThrow(StoreDamaged)
    projector.close()
  }))

test('a slice reads about as much of long incidents that it meets as of others', () => {
  // Declarations first, then observations in turns: the first page alone tells of many long incidents.
  const long = 200
  const streams = Array.from({ length: 40 }, (_, n) => [
    declaredAs(String(n), '2026-01-01T12:00:00.000Z'),
  ])
  const events = streams.flat()
  for (let n = 1; n < long; n++)
    for (const own of streams) {
      own.push(
        eventOf(own[0]!.stream, own, { type: 'ObservationRecorded', data: { text: 'Seen' } }),
      )
      events.push(own.at(-1)!)
    }
  withLedger(events, ledger => {
    let read = 0
    const counted = (events: StoredEvent[]) => ((read += events.length), events)
    const projector = new Projector(ledger.folder, {
      read: (stream, from) => counted(ledger.log.read(stream, from)),
      readAll: (after, limit) => counted(ledger.log.readAll(after, limit)),
    })
    for (let done = false; !done; read = 0) {
      ;({ done } = projector.catchUp(500))
      expect(read).toBeLessThan(3000)
    }
    projector.close()
    expect(
      ledger.views(db => db.prepare('select revision from incident_list').pluck().all()),
    ).toEqual(streams.map(() => long - 1))
  })
})

test('an event writes only the rows that it changes, however large its incident is', () => {
  const events: SealedEvent[] = []
  const add = (type: string, data: object) =>
    events.push(eventOf('incident-large', events, { type, data }))
  add('IncidentDeclared', {
    reference: 'INC-1',
    title: 'x',
    type: 'SERVICE',
    mode: 'LIVE',
    status: 'ACTIVE',
  })
  for (let task = 0; task < 1000; task++)
    add('TaskAssigned', {
      taskId: `task-${task}`,
      title: 'Look',
      assignee: 'ada',
      dueAt: '2026-01-01T13:00:00.000Z',
    })
  withLedger(events, ledger => {
    const projector = new Projector(ledger.folder, ledger.log)
    projector.catchUp()
    ledger.views(db => {
      db.exec('create table written(task text)')
      for (const change of ['insert', 'update'])
        db.exec(`create trigger on_${change} after ${change} on task_board
          begin insert into written values (new.id); end`)
    })
    add('ObservationRecorded', { text: 'Seen' })
    add('TaskAcknowledged', { taskId: 'task-7' })
    ledger.append(events.slice(-2))
    projector.catchUp()
    projector.close()
    expect(ledger.views(db => db.prepare('select task from written').pluck().all())).toEqual([
      'task-7',
    ])
  })
})

import type { StoredEvent } from '../event-store/stored-event.js'
import type { Database } from '../sqlite.js'
import { incidentOf } from './incident-streams.js'
import { indexed } from './search-words.js'
import { prepared } from './statements.js'

/** Where something was found, the first first. */
export const searchedIn = ['TITLE', 'TASK', 'OBSERVATION'] as const
export type SearchedIn = (typeof searchedIn)[number]

/** One text that is searched: as it was last said, and at which revision that was. */
export interface TextRow {
  /** The position at which it was first said: that order is the same however it is built. */
  readonly seq: number
  readonly incident: string
  readonly kind: SearchedIn
  /** An observation’s event, a task’s id; of the title the incident’s. */
  readonly entry: string
  readonly revision: number
  readonly text: string
}

/**
 * The index holds words alone, a column for each kind of text, so that each can be asked by itself. What
 * the words of a text are, `search-words.ts` says; the tokenizer only finds the spaces again.
 */
export const searchDdl = `
  create table search_text(
    seq integer primary key, incident text not null, kind text not null, entry text not null,
    revision integer not null, text text not null);
  create index search_text_of_entry on search_text(substr(entry, 1, 8));
  create virtual table search_words using fts5(titles, tasks, observations, content='',
    contentless_delete=1, prefix='2 3', tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'")`

/** The tables in which FTS5 keeps the index: how, depends on when what was written. */
export const searchShadows = /^search_words_/

const kinds: Readonly<Record<string, SearchedIn>> = {
  IncidentDeclared: 'TITLE',
  TaskAssigned: 'TASK',
  TaskRecorded: 'TASK',
  ObservationRecorded: 'OBSERVATION',
}

/**
 * Takes up the text of an event, if it has one. Each row knows the revision at which it was said, so an
 * event that comes again changes nothing.
 */
export function noteTexts(db: Database, event: StoredEvent): void {
  if (event.schemaVersion !== 1) return
  const data = event.data as Readonly<Record<string, unknown>>
  const kind = Object.hasOwn(kinds, event.type) ? kinds[event.type] : undefined
  if (event.type === 'TitleChanged') amend(db, event, incidentOf(event.stream), data['title'])
  else if (kind === 'TITLE') say(db, event, kind, incidentOf(event.stream), data['title'])
  else if (kind === 'TASK') say(db, event, kind, String(data['taskId']), data['title'])
  else if (kind) say(db, event, kind, event.id, data['text'])
  else if (event.type === 'EntryCorrected') amend(db, event, String(data['eventId']), data['text'])
  else if (event.type === 'EntryRetracted') amend(db, event, String(data['eventId']), retracted)
}

/** Stays as a row, so that what was retracted does not come back. */
const retracted = ''

/** What cannot be followed is not to be found: an incident’s texts are again as they were before it. */
export function forgetTexts(
  db: Database,
  { stream, revision }: StoredEvent,
  read: (stream: string) => readonly StoredEvent[],
): void {
  const rows = prepared<[string], Known>(
    db,
    'select seq, kind, revision from search_text where incident = ?',
  ).all(incidentOf(stream))
  if (!rows.some(row => row.revision >= revision)) return
  for (const { seq } of rows) {
    prepared(db, 'delete from search_text where seq = ?').run(seq)
    prepared(db, unindex).run(seq)
  }
  for (const event of read(stream)) if (event.revision < revision) noteTexts(db, event)
}

type Known = Pick<TextRow, 'seq' | 'kind' | 'revision'>

function amend(db: Database, event: StoredEvent, entry: string, text: unknown): void {
  // The index holds the heads of ids alone: whole ones would make it as large as the texts.
  const known = prepared<[string, string, string], Known>(
    db,
    `select seq, kind, revision from search_text
      where substr(entry, 1, 8) = substr(?, 1, 8) and entry = ? and incident = ?`,
  ).get(entry, entry, incidentOf(event.stream))
  if (!known || known.revision >= event.revision || typeof text !== 'string') return
  const { seq, kind } = known
  prepared(db, 'update search_text set text = ?, revision = ? where seq = ?').run(
    text,
    event.revision,
    seq,
  )
  prepared(db, unindex).run(seq)
  if (text !== retracted) prepared(db, index[kind]).run(seq, indexed(text))
}

/** Said for the first time: at its position there is nothing yet, or this. */
function say(
  db: Database,
  { stream, revision, position }: StoredEvent,
  kind: SearchedIn,
  entry: string,
  text: unknown,
): void {
  if (typeof text !== 'string') return
  const { changes } = prepared(db, insert).run(
    position,
    incidentOf(stream),
    kind,
    entry,
    revision,
    text,
  )
  if (changes > 0) prepared(db, index[kind]).run(position, indexed(text))
}

const insert = 'insert or ignore into search_text values (?, ?, ?, ?, ?, ?)'
const unindex = 'delete from search_words where rowid = ?'
const index: Record<SearchedIn, string> = {
  TITLE: 'insert into search_words(rowid, titles) values (?, ?)',
  TASK: 'insert into search_words(rowid, tasks) values (?, ?)',
  OBSERVATION: 'insert into search_words(rowid, observations) values (?, ?)',
}

import type { StoredEvent } from '../event-store/stored-event.js'
import type { Database } from '../sqlite.js'
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
  /** An observation’s event, a task’s id; of the title nothing. */
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
  create unique index search_text_of_entry on search_text(incident, entry);
  create virtual table search_words using fts5(titles, tasks, observations, content='',
    contentless_delete=1, prefix='2 3', tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*'")`

/** The tables in which FTS5 keeps the index: how, depends on when what was written. */
export const searchShadows = /^search_words_/

const kinds: Readonly<Record<string, SearchedIn>> = {
  IncidentDeclared: 'TITLE',
  TitleChanged: 'TITLE',
  TaskAssigned: 'TASK',
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
  if (kind === 'TITLE') say(db, event, kind, '', data['title'])
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

const incidentOf = (stream: string) => stream.slice('incident-'.length)

type Known = Pick<TextRow, 'seq' | 'kind' | 'revision'>

function knownOf(db: Database, { stream }: StoredEvent, entry: string): Known | undefined {
  return prepared<[string, string], Known>(
    db,
    'select seq, kind, revision from search_text where incident = ? and entry = ?',
  ).get(incidentOf(stream), entry)
}

function amend(db: Database, event: StoredEvent, entry: string, text: unknown): void {
  const known = knownOf(db, event, entry)
  if (known) say(db, event, known.kind, entry, text, known)
}

function say(
  db: Database,
  event: StoredEvent,
  kind: SearchedIn,
  entry: string,
  text: unknown,
  known = knownOf(db, event, entry),
): void {
  const { stream, revision, position } = event
  if (typeof text !== 'string' || (known && known.revision >= revision)) return
  const seq = known?.seq ?? position
  prepared(db, upsert).run({ seq, incident: incidentOf(stream), kind, entry, revision, text })
  if (known) prepared(db, unindex).run(seq)
  if (text !== retracted) prepared(db, index[kind]).run(seq, indexed(text))
}

const upsert = 'replace into search_text values (@seq, @incident, @kind, @entry, @revision, @text)'
const unindex = 'delete from search_words where rowid = ?'
const index: Record<SearchedIn, string> = {
  TITLE: 'insert into search_words(rowid, titles) values (?, ?)',
  TASK: 'insert into search_words(rowid, tasks) values (?, ?)',
  OBSERVATION: 'insert into search_words(rowid, observations) values (?, ?)',
}

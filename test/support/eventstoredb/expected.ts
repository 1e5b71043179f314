import { isSoftDeleted } from './hiding.js'
import type { EventLog, Kept, Proposed } from './log.js'

/** What a writer says the stream's last revision is. */
export type Expected = number | 'any' | 'no_stream' | 'stream_exists'

/** The last revision and position of what is stored, first time or repeat; nothing if nothing is. */
export interface Stored {
  revision: number | undefined
  position: number | undefined
}

/** A refusal with the real last revision; undefined means that there is no stream. */
export interface Wrong {
  wrong: true
  current: number | undefined
}

export type Verdict = Stored | Wrong

/**
 * Whether to append, by the rules of the real server's index writer: a repeat counts as one only
 * behind the expected revision, so the same ids at the current head are appended again.
 */
export function judge(
  log: EventLog,
  stream: string,
  expected: Expected,
  events: readonly Proposed[],
): Verdict | 'APPEND' {
  const kept = log.stream(stream)
  const wrong: Wrong = { wrong: true, current: kept.at(-1)?.revision }
  if (expected === 'stream_exists' && !exists(log, stream)) return wrong
  if (typeof expected === 'string' && expected !== 'no_stream') {
    return judgeAnywhere(log, stream, events, wrong)
  }
  const from = expected === 'no_stream' ? 0 : expected + 1
  if (from === kept.length) return 'APPEND'
  if (from > kept.length) return wrong
  const repeat = repeated(kept, from, events)
  if (repeat) return repeat
  return expected === 'no_stream' && isSoftDeleted(log, stream) ? 'APPEND' : wrong
}

/** Metadata may be there before the first event; that is enough for the server. */
function exists(log: EventLog, stream: string) {
  return log.stream(stream).length + log.stream(`$$${stream}`).length > 0
}

/** Without a revision the server looks the ids up: all known is a repeat, some known is wrong. */
function judgeAnywhere(
  log: EventLog,
  stream: string,
  events: readonly Proposed[],
  wrong: Wrong,
): Verdict | 'APPEND' {
  const known = events.map(({ id }) => log.byId(id)).filter(event => event?.stream === stream)
  if (events.length === 0 || log.byId(events[0]!.id)?.stream !== stream) return 'APPEND'
  return known.length === events.length ? storedAt(known.at(-1)!) : wrong
}

/** Ids only are compared, never the bytes. */
function repeated(kept: readonly Kept[], from: number, events: readonly Proposed[]) {
  const same = events.every(({ id }, n) => kept[from + n]?.id === id)
  const last = kept[from + events.length - 1]
  return same && events.length > 0 && last !== undefined ? storedAt(last) : undefined
}

function storedAt({ revision, position }: Kept): Stored {
  return { revision, position }
}

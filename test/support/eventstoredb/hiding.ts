import type { EventLog, Kept } from './log.js'

/** The `$tb` a soft delete writes, the largest number the server knows. */
const DELETED = '{"$tb":9223372036854775807}'
/** Numbers here cannot hold it exactly, so it is compared with what they make of it. */
const DELETED_FROM = 2 ** 63

interface Limits {
  $maxCount?: number
  $tb?: number
}

/** The first revision a reader still gets; metadata hides at once, on reads of the stream only. */
export function firstVisible(log: EventLog, stream: string, length: number) {
  const { $maxCount = Infinity, $tb = 0 } = limitsOf(log, stream)
  return Math.max(0, $tb, length - $maxCount)
}

export function isVisible(log: EventLog, { stream, revision }: Kept) {
  return revision >= firstVisible(log, stream, log.stream(stream).length)
}

/** A deleted stream answers "not found" until somebody appends to it again. */
export function isSoftDeleted(log: EventLog, stream: string) {
  return (limitsOf(log, stream).$tb ?? 0) >= DELETED_FROM
}

/** Hides all there is; the numbering goes on. */
export function softDelete(log: EventLog, stream: string) {
  setMetadata(log, stream, DELETED)
}

/** An append to a deleted stream brings back the stream, never what was deleted. */
export function undelete(log: EventLog, stream: string) {
  setMetadata(log, stream, JSON.stringify({ $tb: log.stream(stream).length }))
}

function setMetadata(log: EventLog, stream: string, json: string) {
  log.foreign(`$$${stream}`, { type: '$metadata', data: Buffer.from(json) })
}

/** A stream's metadata is the newest event of its metastream, which itself keeps only one. */
function limitsOf(log: EventLog, stream: string): Limits {
  if (stream.startsWith('$$')) return { $maxCount: 1 }
  const newest = log.stream(`$$${stream}`).at(-1)
  return newest === undefined ? {} : JSON.parse(Buffer.from(newest.data).toString())
}

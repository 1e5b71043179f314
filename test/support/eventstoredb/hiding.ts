import type { EventLog } from './log.js'

/** The `$tb` a soft delete writes; JSON numbers cannot hold it exactly, so it is compared roughly. */
const DELETED_FROM = 2 ** 63 - 1

interface Limits {
  $maxCount?: number
  $tb?: number
}

/** The first revision a reader still gets; metadata hides at once, on reads of the stream only. */
export function firstVisible(log: EventLog, stream: string, length: number) {
  const { $maxCount = Infinity, $tb = 0 } = limitsOf(log, stream)
  return Math.max(0, $tb, length - $maxCount)
}

/** A deleted stream answers "not found" until somebody appends to it again. */
export function isSoftDeleted(log: EventLog, stream: string) {
  return (limitsOf(log, stream).$tb ?? 0) >= DELETED_FROM
}

/** A stream's metadata is the newest event of its metastream, which itself keeps only one. */
function limitsOf(log: EventLog, stream: string): Limits {
  if (stream.startsWith('$$')) return { $maxCount: 1 }
  const newest = log.stream(`$$${stream}`).at(-1)
  return newest === undefined ? {} : JSON.parse(Buffer.from(newest.data).toString())
}

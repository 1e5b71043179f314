import { existsSync } from 'node:fs'
import type { Position } from '../../event-store/event-store.js'
import { textOf } from '../../event-store/fault.js'
import { quarantined } from '../../views/quarantine.js'
import { withViews } from '../../views/seen-log.js'
import { type Finding, findings } from './finding.js'

const say = findings('views')
const mend =
  '“verify” says whether the log is whole. If so, “rebuild” makes all views anew; if not, restore a backup, or see what “recover” would lose.'

/** How far the views are, and what they could not take up. */
export function checkViews(
  folder: string,
  head: Position | undefined,
  isServed: boolean,
): Finding[] {
  if (!existsSync(folder)) return [none]
  try {
    return (
      withViews(folder, db => {
        const position = db
          .prepare<[], Position>('select position from checkpoint')
          .pluck()
          .safeIntegers()
          .get()!
        return [following(position, head, isServed), ...poisoned(quarantined(db))]
      }) ?? [none]
    )
  } catch (error) {
    return [
      say.warn(
        `The views cannot be read: ${textOf(error)}`,
        'Restart the ledger: damaged views are begun anew.',
      ),
    ]
  }
}

const none = say.ok('There are none that this version reads: they come by themselves.')

function following(position: Position, head: Position | undefined, isServed: boolean): Finding {
  if (head === undefined) return say.ok('They are there; the log cannot be compared.')
  if (position > head)
    return say.warn(
      `They have seen event ${position}, and the log ends at ${head}.`,
      'If a backup was restored by hand, restart: they are begun anew.',
    )
  const behind = head - position
  if (behind === 0n) return say.ok('They show the whole log.')
  return isServed
    ? say.warn(
        `They are ${behind} events behind the log.`,
        'Look again: if it is not less, /health/ready says why.',
      )
    : say.ok(`They are ${behind} events behind, and catch up when it is served.`)
}

function poisoned(all: readonly { readonly stream: string; readonly error: string }[]): Finding[] {
  if (all.length === 0) return []
  const [{ stream, error }] = all as [(typeof all)[0]]
  return [say.bad(`${all.length} incidents could not be taken up, first ${stream}: ${error}`, mend)]
}

import type { StoredEvent } from '../../event-store/stored-event.js'
import { type Finding, findings } from './finding.js'

/** Between two looks, wall and steady clock may differ by this. */
const stepMsMax = 250
/** The ledger records no event before the last of its stream, and takes no claim further ahead. */
const aheadMsMax = 60_000

/** `since` is when both clocks were looked at first. */
export function checkClock(
  last: Pick<StoredEvent, 'recordedAt'> | undefined,
  since: { readonly wallMs: number; readonly steadyMs: number },
  now = { wallMs: Date.now(), steadyMs: performance.now() },
): Finding {
  const say = findings('clock')
  const time = new Date(now.wallMs).toISOString()
  const todo = 'Set the clock, and keep it with NTP (timedatectl, chronyc tracking).'
  const ahead = last ? Date.parse(last.recordedAt) - now.wallMs : 0
  if (ahead > aheadMsMax)
    return say.bad(
      `It is ${time} here, and the last event was recorded at ${last!.recordedAt}.`,
      todo,
    )
  const step = now.wallMs - since.wallMs - (now.steadyMs - since.steadyMs)
  if (Math.abs(step) > stepMsMax)
    return say.warn(`The clock jumped by ${Math.round(step)} ms while it was looked at.`, todo)
  return say.ok(`It is ${time}${last ? `, after the last event (${last.recordedAt})` : ''}.`)
}

import { checkpoint, eventAnswer } from './answers.js'
import { isVisible } from './hiding.js'
import type { From, ReadRequest } from './requests.js'
import type { View } from './view.js'

/**
 * How right the checkpoints of filtered subscriptions are. EXACT names the last event looked at.
 * STALE says, once live, the place where live began again and again (22.10.0, KurrentDB issue
 * 3697). AHEAD adds one when going live that names the place of the next event, and to resume from
 * it leaves that event out (KurrentDB pull requests 4023 and 4975).
 */
export type Checkpoints = 'EXACT' | 'STALE' | 'AHEAD'

/**
 * Everything after the position, now and from now on. One cursor over the log serves for catching
 * up and for living on, so there is no seam between them, and nothing is held for a slow consumer.
 */
export async function* follow(
  view: View,
  request: ReadRequest,
  checkpoints: Checkpoints,
  gone: AbortSignal,
) {
  let looked = 0
  const start = startIndex(view, request.from)
  const live = { from: view.length, position: view.log.end }
  if (checkpoints === 'AHEAD' && start >= live.from) yield checkpoint(live.position)
  for await (const index of indexes(view, start, gone)) {
    const event = view.log.all[index]!
    if (request.matches(event)) yield eventAnswer(event)
    const stale = checkpoints === 'STALE' && index >= live.from
    const due = ++looked % request.checkpointEvery === 0
    if (due) yield checkpoint(stale ? live.position : event.position)
    if (checkpoints === 'AHEAD' && index === live.from - 1) yield checkpoint(live.position)
  }
}

/** The start position itself is left out: it is the one already handled. */
function startIndex(view: View, from: From) {
  if (from === 'start') return 0
  if (from === 'end') return view.length
  const index = view.indexAt(from)!
  return view.log.all[index]?.position === from ? index + 1 : index
}

async function* indexes(view: View, start: number, gone: AbortSignal) {
  for (let index = start; !gone.aborted;) {
    if (index < view.length) yield index++
    else await view.log.news(gone)
  }
}

/** The same for one stream; its start revision is left out too. */
export async function* followStream(view: View, stream: string, from: From, gone: AbortSignal) {
  const after = typeof from === 'number' ? from : -1
  for await (const index of indexes(view, from === 'end' ? view.length : 0, gone)) {
    const event = view.log.all[index]!
    const asked = event.stream === stream && event.revision > after
    if (asked && isVisible(view.log, event)) yield eventAnswer(event)
  }
}

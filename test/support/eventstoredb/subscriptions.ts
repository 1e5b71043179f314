import { checkpoint, eventAnswer } from './answers.js'
import type { From, ReadRequest } from './requests.js'
import type { View } from './view.js'

/**
 * Everything after the position, now and from now on. One cursor over the log serves for catching
 * up and for living on, so there is no seam between them, and nothing is held for a slow consumer.
 */
export async function* follow(view: View, request: ReadRequest, gone: AbortSignal) {
  let looked = 0
  for await (const index of indexes(view, startIndex(view, request.from), gone)) {
    const event = view.log.all[index]!
    if (request.matches(event)) yield eventAnswer(event)
    if (++looked % request.checkpointEvery === 0) yield checkpoint(event.position)
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
  const last = () => view.stream(stream)?.at(-1)?.revision ?? -1
  let next = from === 'start' ? 0 : (from === 'end' ? last() : from) + 1
  while (!gone.aborted) {
    const event = view.stream(stream)?.find(({ revision }) => revision >= next)
    if (event === undefined) await view.log.news(gone)
    else {
      next = event.revision + 1
      yield eventAnswer(event)
    }
  }
}

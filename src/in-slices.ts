import { setImmediate } from 'node:timers/promises'

/** Nobody else gets their turn for so long at a time. */
export const sliceMsMax = 5

let turn: Promise<unknown> = Promise.resolve()

/** However many wait for their next slice, each turn of the event loop has room for one. */
const nextTurn = () => (turn = turn.then(() => setImmediate()))

/** Does work that is done in parts, for so long at a time. What `mayGoOn` throws before a slice ends it. */
export async function inSlices<Result>(
  work: Iterator<unknown, Result>,
  mayGoOn: () => void = () => {},
): Promise<Result> {
  for (let since = performance.now(); ;) {
    const { done, value } = work.next()
    if (done) return value
    if (performance.now() - since < sliceMsMax) continue
    await nextTurn()
    mayGoOn()
    since = performance.now()
  }
}

/** Calls for each of many, for so long at a time; also for those who are added to a set meanwhile. */
export const eachInSlices = <One>(all: Iterable<One>, call: (one: One) => void): Promise<void> =>
  inSlices(calling(all, call))

function* calling<One>(all: Iterable<One>, call: (one: One) => void): Generator<undefined, void> {
  for (const one of all) yield void call(one)
}

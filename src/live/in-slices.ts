import { setImmediate } from 'node:timers/promises'

/** Nobody else gets their turn for so long at a time. */
export const sliceMsMax = 5

/** Calls for each of many, for so long at a time; also for those who are added to a set meanwhile. */
export async function inSlices<One>(all: Iterable<One>, call: (one: One) => void): Promise<void> {
  let since = performance.now()
  for (const one of all) {
    call(one)
    if (performance.now() - since < sliceMsMax) continue
    await setImmediate()
    since = performance.now()
  }
}

import type { Rebuilding } from './event-store/operated-store.js'
import type { Projection } from './event-store/projections.js'
import type { Log } from './views/projector.js'

/** The views as the thread that keeps them drives them. */
export interface ViewsOnThread {
  readonly make: () => Projection
  readonly rebuild: () => void
}

/**
 * The log is served before the code of the views is even loaded. What is not in a whole log never
 * will be, as after a restore; a replica's may still come.
 */
export async function viewsOf(
  folder: string,
  log: Log,
  told: (rebuilding: Rebuilding) => void,
  isWholeLog = false,
): Promise<ViewsOnThread> {
  const { KeptViews } = await import('./views/kept-views.js')
  const { dropStrangers } = await import('./views/strangers.js')
  let kept: InstanceType<typeof KeptViews> | undefined
  let last: Rebuilding | undefined
  let isWanted = false
  return {
    make() {
      if (isWholeLog) dropStrangers(folder, log)
      const views = (kept = new KeptViews(folder, log))
      if (isWanted) views.rebuild()
      return {
        catchUp(maxEvents) {
          try {
            return views.catchUp(maxEvents)
          } finally {
            if (views.rebuilding && views.rebuilding !== last) told((last = views.rebuilding))
          }
        },
        close: () => views.close(),
      }
    },
    rebuild() {
      // There may be no views to rebuild yet: then it is done once there are.
      isWanted = kept === undefined
      kept?.rebuild()
    },
  }
}

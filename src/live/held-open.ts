import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../auth/principal.js'
import { Rejected } from '../decider/facet.js'
import { Counts } from './counts.js'
import type { WatchedPrincipals } from './watched-principals.js'

/** Why an answer that stayed open is over: the reason of its signal. */
export type Over = 'GONE' | 'UNAUTHENTICATED' | 'STOPPING'

/** Answers of HTTP that stay open: so many for each who asks, and none longer than their credential. */
export class HeldOpen {
  readonly #counts = new Counts()
  readonly #all = new Set<AbortController>()
  #isStopping = false

  constructor(
    private readonly eachMax: number,
    private readonly watched: WatchedPrincipals,
  ) {}

  get count(): number {
    return this.#all.size
  }

  /**
   * Aborted when the client has gone, its credential is over, or the server stops. Throws
   * `Rejected('LIMIT_REACHED')` if it has too many open.
   */
  hold({ headers }: FastifyRequest, { raw }: FastifyReply, principal: Principal): AbortSignal {
    const whose = principal.account ?? ''
    if (this.#counts.of(whose) >= this.eachMax)
      throw new Rejected('LIMIT_REACHED', `At most ${this.eachMax} answers stay open at a time.`, {
        max: this.eachMax,
      })
    // Of whoever is gone by now, no end will be heard.
    if (raw.destroyed) return AbortSignal.abort('GONE' satisfies Over)
    const over = new AbortController()
    const end = (why: Over) => over.abort(why)
    const unwatch = this.watched.watch(headers, principal, () => end('UNAUTHENTICATED'))
    this.#counts.add(whose)
    this.#all.add(over)
    raw.once('close', () => {
      unwatch()
      this.#counts.remove(whose)
      this.#all.delete(over)
      end('GONE')
    })
    if (this.#isStopping) end('STOPPING')
    return over.signal
  }

  /** Clients go on elsewhere, or when the server is back. */
  stop(): void {
    this.#isStopping = true
    for (const over of this.#all) over.abort('STOPPING' satisfies Over)
  }
}

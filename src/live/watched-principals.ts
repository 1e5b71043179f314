import type { IncomingHttpHeaders } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { Injectable } from '@nestjs/common'
import { type Principal, Principals } from '../auth/principal.js'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'

/** How often it is looked whether a credential has come to its end. */
const lookMs = 250
/** Looked at in one turn of the event loop; one takes some microseconds. */
const atATime = 200

interface Watched {
  readonly headers: IncomingHttpHeaders
  readonly principal: Principal
  readonly over: () => void
}

/**
 * Those who stay: what a request is asked once is asked of them again whenever the organisation changes,
 * and their credential's end is kept in sight.
 */
@Injectable()
export class WatchedPrincipals {
  readonly #watched = new Set<Watched>()
  /** No credential comes to its end before. */
  #firstEnd = '~'
  readonly #ticking = setInterval(() => this.#lookAtEnds(), lookMs).unref()
  readonly #unwatch: () => void

  constructor(
    private readonly principals: Principals,
    private readonly clock: Clock,
    directory: Directory,
  ) {
    this.#unwatch = directory.watch(() => void this.#lookAtAll())
  }

  /**
   * Calls `over`, once, when the credential in these headers no longer makes who asks this principal: it was
   * revoked, it came to its end, or it may now do other things; also if that was while they were let in. The
   * answer ends the watch.
   */
  watch(headers: IncomingHttpHeaders, principal: Principal, over: () => void): () => void {
    const watched = { headers, principal, over }
    this.#watched.add(watched)
    this.#ends(watched)
    void this.#look(watched)
    return () => this.#watched.delete(watched)
  }

  onApplicationShutdown(): void {
    clearInterval(this.#ticking)
    this.#unwatch()
  }

  #lookAtEnds(): void {
    const now = this.clock.now()
    if (now < this.#firstEnd) return
    this.#firstEnd = '~'
    for (const watched of this.#watched)
      if (endOf(watched) <= now) this.#end(watched)
      else this.#ends(watched)
  }

  #ends(watched: Watched): void {
    if (endOf(watched) < this.#firstEnd) this.#firstEnd = endOf(watched)
  }

  async #lookAtAll(): Promise<void> {
    let looked = 0
    for (const watched of this.#watched) {
      await this.#look(watched)
      if (++looked % atATime === 0) await setImmediate()
    }
  }

  async #look(watched: Watched): Promise<void> {
    if (!(await this.#isStill(watched))) this.#end(watched)
  }

  async #isStill({ headers, principal }: Watched): Promise<boolean> {
    try {
      const now = await this.principals.of({ headers })
      return now !== undefined && identityOf(now) === identityOf(principal)
    } catch (error) {
      // What cannot be looked up just now, the keys of an issuer or the store, takes nothing from anybody.
      const { code } = error as Rejected
      return !(error instanceof Rejected) || unknowable.has(code)
    }
  }

  #end(watched: Watched): void {
    if (this.#watched.delete(watched)) watched.over()
  }
}

const endOf = ({ principal }: Watched) => principal.expiresAt ?? '~'

const unknowable: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'STORE_UNAVAILABLE'])

const identityOf = ({ actor, scopes }: Principal) =>
  JSON.stringify([actor.type, actor.id, actor.via, [...scopes].toSorted()])

import { Logger } from '@nestjs/common'
import type { JWTVerifyGetKey } from 'jose'
import type { Condition, Reading } from '../event-store/operated-store.js'
import { fetchedKeySet } from './key-set.js'

/** Keys older than this are fetched again before they are used: a key that was withdrawn ends here. */
const freshMs = 10 * 60_000
/** Between two fetches, so that tokens that name unknown keys cannot make us fetch without end. */
const cooldownMs = 30_000
/** The same while there are no keys at all and no token can be checked. */
const firstCooldownMs = 2_000

/** Not one set of keys has been fetched yet. */
export class NoKeys extends Error {}

/**
 * The keys of the issuer of tokens. The last set that could be fetched is kept for as long as the issuer
 * cannot be reached: an incident is when it may not be.
 */
export class IssuerKeys implements Condition {
  readonly name = 'tokens'
  #find: JWTVerifyGetKey | undefined
  #count = 0
  #fetchedAtMs = -Infinity
  #triedAtMs = -Infinity
  #fetching: Promise<void> | undefined
  /** Why the last fetch failed. */
  #trouble: string | undefined
  #failures = 0

  constructor(
    private readonly url: string,
    private readonly nowMs: () => number,
  ) {}

  /** The key that a token was signed with, for jose. Rejects with `NoKeys`, or as jose does. */
  find: JWTVerifyGetKey = async (header, token) => {
    if (this.#since(this.#fetchedAtMs) >= freshMs) await this.refresh()
    const known = this.#find
    if (!known) throw new NoKeys()
    try {
      return await known(header, token)
    } catch (error) {
      const { errors } = await import('jose')
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await this.refresh()
      if (this.#find === known) throw error
      return this.#find!(header, token)
    }
  }

  /** Fetches, unless that was tried a moment ago; many may wait for one fetch. Never rejects. */
  async refresh(): Promise<void> {
    const cooldown = this.#find ? cooldownMs : firstCooldownMs
    if (!this.#fetching && this.#since(this.#triedAtMs) >= cooldown) {
      this.#triedAtMs = this.nowMs()
      this.#fetching = this.#fetch().finally(() => (this.#fetching = undefined))
    }
    await this.#fetching
  }

  /** Without the issuer the ledger is as ready as ever for API keys: this tells, and is never red. */
  check() {
    const age = Math.round(this.#since(this.#fetchedAtMs) / 1000)
    const held = this.#find ? `${this.#count} keys, fetched ${age} s ago` : 'no keys'
    const detail = this.#trouble === undefined ? held : `${held}; the issuer: ${this.#trouble}`
    return { ok: true, detail }
  }

  get failures(): number {
    return this.#failures
  }

  readonly readings: readonly Reading[] = [
    {
      name: 'ledger_issuer_keys',
      help: 'Keys of the issuer of tokens that are held here.',
      read: () => this.#count,
    },
    {
      name: 'ledger_issuer_keys_age_seconds',
      help: 'Seconds since the keys of the issuer were fetched; -1 if they never were.',
      read: () => (this.#find ? Math.round(this.#since(this.#fetchedAtMs) / 1000) : -1),
    },
  ]

  async #fetch(): Promise<void> {
    try {
      const { createLocalJWKSet } = await import('jose')
      const set = await fetchedKeySet(this.url)
      this.#find = createLocalJWKSet(set)
      this.#count = set.keys.length
      this.#fetchedAtMs = this.nowMs()
      if (this.#trouble !== undefined) log.warn('The keys of the issuer are fetched again')
      this.#trouble = undefined
    } catch (error) {
      this.#failures++
      const { message } = error as Error
      if (message !== this.#trouble)
        log.warn(`The keys of the issuer cannot be fetched: ${message}`)
      this.#trouble = message
    }
  }

  /** Of a clock that was set back it is not known how long ago something was. */
  #since(atMs: number): number {
    return Math.abs(this.nowMs() - atMs)
  }
}

const log = new Logger('IssuerKeys')

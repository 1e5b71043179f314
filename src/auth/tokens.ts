import { hash } from 'node:crypto'
import { Logger } from '@nestjs/common'
import type { JWTPayload, JWTVerifyOptions } from 'jose'
import { Rejected } from '../decider/facet.js'
import type { Scope } from '../schema.generated.js'
import { type IssuerKeys, NoKeys } from './issuer-keys.js'
import { fromWire } from './scopes.js'
import type { TokenSettings } from './token-settings.js'

/** What a token that was found valid says. */
export interface Claims {
  readonly issuer: string
  readonly subject: string
  readonly scopes: ReadonlySet<Scope>
  /** From then on it is no longer valid. */
  readonly expiresAt: string
}

/** Never HMAC: whoever knows the public key could then sign. */
const algorithms = ['RS256', 'ES256', 'EdDSA']
/** Clocks of two machines may differ by so much. */
const skewSecondsMax = 30
/** What an identity's subject may have. */
const subjectMax = 200
/** A token for logging out, or of another kind, is none for asking. */
const types = /^(application\/)?(jwt|at\+jwt)$/i
/** Three parts, base64url, without padding. */
const form = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** A signature takes some 50 µs to check; so long a token that was found valid is not checked again. */
const knownMsMax = 60_000
/** Some 100 bytes each. */
const knownMax = 10_000

/** jose may quote a header of the token. */
const reasonMax = 200

interface Known {
  readonly claims: Claims
  readonly until: string
}

/** Tells what JSON Web Tokens of the one issuer say, if they are genuine, meant for us and valid now. */
export class Tokens {
  /** By the digest, in the order they were found valid. */
  readonly #known = new Map<string, Known>()

  constructor(
    private readonly settings: TokenSettings,
    private readonly keys: IssuerKeys,
    private readonly now: () => string,
  ) {}

  /** At once for a token known to be valid; undefined, or resolving to it, for what is none. */
  claimsOf(token: string): Claims | undefined | Promise<Claims | undefined> {
    if (!form.test(token) || !token.split('.').every(isCanonical)) return undefined
    const digest = hash('sha256', token)
    const known = this.#known.get(digest)
    if (known && this.now() < known.until) return known.claims
    this.#known.delete(digest)
    return this.#verified(token, digest)
  }

  async #verified(token: string, digest: string): Promise<Claims | undefined> {
    const { issuer } = this.settings
    try {
      // Loaded for who has tokens.
      const { jwtVerify } = await import('jose')
      const { payload, protectedHeader } = await jwtVerify(token, this.keys.find, this.#options())
      const { typ, crit } = protectedHeader
      if (typ !== undefined && !types.test(String(typ)))
        throw new Error('It is a token of another kind')
      // What has to be understood is not: no extension is of use here.
      if (crit !== undefined) throw new Error('It has an extension')
      // JSON can say 1e400.
      if (!Number.isFinite(payload.exp)) throw new Error('It never ends')
      const expiresAt = instantOf(payload.exp!)
      const claims = { issuer, subject: subjectOf(payload), scopes: scopesOf(payload), expiresAt }
      this.#remember(digest, { claims, until: this.#until(expiresAt) })
      return claims
    } catch (error) {
      if (error instanceof NoKeys) throw uncheckable()
      // What a set of keys holds may fail in ways of its own: no token is taken for it.
      log.debug(`A token was refused: ${(error as Error).message.slice(0, reasonMax)}`)
      return undefined
    }
  }

  #options(): JWTVerifyOptions {
    const { issuer, audience } = this.settings
    return {
      issuer,
      audience,
      algorithms,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: skewSecondsMax,
      currentDate: new Date(this.now()),
    }
  }

  /** Not even by the tolerance is a token known beyond its end. */
  #until(expiresAt: string): string {
    const known = new Date(Date.parse(this.now()) + knownMsMax).toISOString()
    return known < expiresAt ? known : expiresAt
  }

  #remember(digest: string, known: Known): void {
    const [oldest] = this.#known.keys()
    if (this.#known.size >= knownMax && oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(digest, known)
  }
}

/** Bits that the decoded bytes do not have would make many tokens of one. */
const isCanonical = (part: string) => Buffer.from(part, 'base64url').toString('base64url') === part

/** Later than this, ISO 8601 has five digits for the year, and text no longer compares as time does. */
const endOfTime = Date.UTC(9999, 11, 31)
const instantOf = (seconds: number) =>
  new Date(Math.max(0, Math.min(seconds * 1000, endOfTime))).toISOString()

function subjectOf({ sub }: JWTPayload): string {
  if (typeof sub === 'string' && sub !== '' && sub.length <= subjectMax) return sub
  throw new Error('Its subject is no text, or too long')
}

/** From `scope`, else `scp`: words in a text, or a list of them. What is no scope of ours is ignored. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<Scope> {
  const given = scope ?? scp ?? []
  const words = typeof given === 'string' ? given.split(' ') : given
  if (!Array.isArray(words) || !words.every(word => typeof word === 'string'))
    throw new Error('Its scopes are no text')
  return new Set(words.map(fromWire).filter(scope => scope !== undefined))
}

const uncheckable = () =>
  new Rejected(
    'UNAUTHENTICATED',
    'Tokens cannot be checked now: the keys of their issuer are out of reach. API keys work.',
  )

const log = new Logger('Tokens')

import { type KeyObject, createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Alg = 'RS256' | 'ES256' | 'EdDSA'

/** A key of an issuer: what it signs with, and what it publishes. */
export interface SigningKey {
  readonly alg: Alg
  readonly kid: string
  readonly secret: KeyObject
  readonly published: object
}

export function newSigningKey(alg: Alg, kid: string): SigningKey {
  const { privateKey, publicKey } = pairOf(alg)
  const published = { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
  return { alg, kid, secret: privateKey, published }
}

function pairOf(alg: Alg) {
  if (alg === 'RS256') return generateKeyPairSync('rsa', { modulusLength: 2048 })
  return alg === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('ed25519')
}

export const encoded = (part: object | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')

/** The signature of some key over two parts that say whatever a test wants them to. */
export function signedBy({ alg, secret }: SigningKey, header: object, payload: object | string) {
  const said = `${encoded(header)}.${encoded(payload)}`
  const how = alg === 'ES256' ? { key: secret, dsaEncoding: 'ieee-p1363' as const } : secret
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(said), how)
  return `${said}.${signature.toString('base64url')}`
}

export function hmacOf(secret: string | Buffer, header: object, payload: object): string {
  const said = `${encoded(header)}.${encoded(payload)}`
  return `${said}.${createHmac('sha256', secret).update(said).digest('base64url')}`
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** An identity provider on this machine, as far as the ledger sees one: it publishes its keys. */
export class Issuer {
  readonly audience = 'incident-ledger'
  /** What it answers when it is asked for its keys. */
  answer: Answer
  asked = 0

  private constructor(
    private readonly server: Server,
    public keys: SigningKey[],
  ) {
    this.answer = this.published
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.asked++
      this.answer(response, request)
    })
  }

  static async start(keys: SigningKey[]): Promise<Issuer> {
    const server = createServer()
    const issuer = new Issuer(server, keys)
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    return issuer
  }

  /** As an issuer that works answers. */
  readonly published: Answer = response => {
    response.setHeader('content-type', 'application/jwk-set+json')
    response.end(JSON.stringify({ keys: this.keys.map(({ published }) => published) }))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get settings() {
    return { jwksUrl: `${this.url}/jwks`, issuer: this.url, audience: this.audience }
  }

  /** What a good token says, an hour before it ends, with what a test changes. */
  claims(now: string, change: object = {}): Record<string, unknown> {
    const iat = Math.floor(Date.parse(now) / 1000)
    const { issuer: iss, audience: aud } = this.settings
    return { iss, aud, sub: 'subject-1', iat, exp: iat + 3600, scope: 'incidents:read', ...change }
  }

  /** A token of its first key, or of another. */
  token(now: string, change: object = {}, key = this.keys[0]!): string {
    return signedBy(key, { alg: key.alg, kid: key.kid, typ: 'JWT' }, this.claims(now, change))
  }

  async end(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}

import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 } from 'uuid'

/** A new key: the secret is for its user alone, the digest is what the ledger keeps. */
export interface NewApiKey {
  readonly keyId: string
  readonly secret: string
  readonly secretDigest: string
}

const form = /^(ilk_([0-9a-f]{32})_[A-Za-z0-9_-]{43})_([0-9a-f]{8})$/

/** Prefix (so that scanners know it), id, 32 random bytes, checksum (so that a typo costs no look-up). */
export function newApiKey(): NewApiKey {
  const keyId = v7()
  const body = `ilk_${keyId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`
  const secret = `${body}_${checksum(body)}`
  return { keyId, secret, secretDigest: hash('sha256', secret) }
}

/** The id of the key that a secret claims to be; undefined if it is no secret of ours at all. */
export function keyIdOf(secret: string): string | undefined {
  const [, body, id, sum] = form.exec(secret) ?? []
  if (body === undefined || id === undefined || checksum(body) !== sum) return undefined
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** In the same time whatever is wrong with it. */
export const matches = (secret: string, digest: string) =>
  timingSafeEqual(Buffer.from(hash('sha256', secret), 'hex'), Buffer.from(digest, 'hex'))

const checksum = (body: string) => hash('sha256', body).slice(0, 8)

import { isLoopback } from '../loopback.js'

/** Whose tokens are taken. */
export interface TokenSettings {
  /** Where the issuer publishes its keys, as a JSON Web Key Set. */
  readonly jwksUrl: string
  /** `iss` of its tokens, letter for letter; also the `provider` of the identities of people. */
  readonly issuer: string
  /** What has to be in `aud`: the name that the issuer has for this ledger. */
  readonly audience: string
}

/** What an identity's provider may have, since the issuer is one. */
const issuerMax = 200
const audienceMax = 200

/** What is wrong with the three variables; nothing if all are left out. */
export function mistakesInTokens({ jwksUrl, issuer, audience }: TokenSettings): string[] {
  const given = {
    LEDGER_JWKS_URL: jwksUrl,
    LEDGER_JWT_ISSUER: issuer,
    LEDGER_JWT_AUDIENCE: audience,
  }
  const names = Object.keys(given)
  const missing = Object.entries(given).flatMap(([name, value]) => (value === '' ? [name] : []))
  if (missing.length === names.length) return []
  return [
    ...missing.map(name => `${name} is missing: ${names.join(', ')} go together`),
    ...(jwksUrl !== '' && !isSafe(jwksUrl)
      ? [
          'LEDGER_JWKS_URL must be an https:// address without a password, or http:// on this machine',
        ]
      : []),
    ...tooLong('LEDGER_JWT_ISSUER', issuer, issuerMax),
    ...tooLong('LEDGER_JWT_AUDIENCE', audience, audienceMax),
  ]
}

/** Whoever can change the answer on its way decides who everybody is. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isEncrypted =
    protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')))
  return isEncrypted && username === '' && password === ''
}

const tooLong = (name: string, value: string, max: number) =>
  value.length > max ? [`${name} is longer than ${max} characters`] : []

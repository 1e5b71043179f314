import { constants, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import {
  Issuer,
  type SigningKey,
  encoded,
  hmacOf,
  newSigningKey,
  signedBy,
} from '../support/issuer.js'

/** What a hostile token is made from. */
export interface Surroundings {
  readonly issuer: Issuer
  /** A server of the attacker, who signs with a key that has the name of a genuine one. */
  readonly attacker: Issuer
  readonly now: string
  /** The person whom the genuine subject is. */
  readonly personId: string
}
type Made = (given: Surroundings) => string

const rsa = ({ issuer }: Surroundings) => issuer.keys[0]!
const ec = ({ issuer }: Surroundings) => issuer.keys[1]!
const ed = ({ issuer }: Surroundings) => issuer.keys[2]!
const forger = ({ attacker }: Surroundings) => attacker.keys[0]!
const headerOf = ({ alg, kid }: SigningKey) => ({ alg, kid, typ: 'JWT' })
const claims = ({ issuer, now }: Surroundings, change: object = {}) => issuer.claims(now, change)
const genuine = (given: Surroundings) => given.issuer.token(given.now)
const [head, body, tail] = [0, 1, 2].map(
  n => (given: Surroundings) => genuine(given).split('.')[n]!,
) as [Made, Made, Made]

/** Signed by the issuer itself, with another header. */
const withHeader =
  (change: object, key = rsa): Made =>
  given =>
    signedBy(key(given), { ...headerOf(key(given)), ...change }, claims(given))
/** Signed by the issuer itself, saying something else. */
const saying =
  (change: object): Made =>
  given =>
    given.issuer.token(given.now, change)
const payload =
  (text: string | ((said: string) => string)): Made =>
  given => {
    const said = typeof text === 'string' ? text : text(JSON.stringify(claims(given)))
    return signedBy(rsa(given), headerOf(rsa(given)), said)
  }
/** Signed by the attacker. */
const forged =
  (change: object | ((given: Surroundings) => object) = {}): Made =>
  given => {
    const header = typeof change === 'function' ? change(given) : change
    return signedBy(forger(given), { ...headerOf(forger(given)), ...header }, claims(given))
  }
const unsigned =
  (header: object, signature = ''): Made =>
  given =>
    `${encoded(header)}.${encoded(claims(given))}.${signature}`
const signature =
  (change: (bytes: Buffer) => Buffer, key = rsa): Made =>
  given => {
    const token = given.issuer.token(given.now, {}, key(given))
    const [header, said, signed] = token.split('.')
    return `${header}.${said}.${change(Buffer.from(signed!, 'base64url')).toString('base64url')}`
  }
const seconds = ({ now }: Surroundings) => Math.floor(Date.parse(now) / 1000)
const pem = (given: Surroundings) =>
  createPublicKey(rsa(given).secret).export({ type: 'spki', format: 'pem' })
const hmac =
  (secret: (given: Surroundings) => string | Buffer, header: object = { kid: 'rsa-1' }): Made =>
  given =>
    hmacOf(secret(given), { alg: 'HS256', typ: 'JWT', ...header }, claims(given))
/** Signed with a key of its own on a curve that is not the one that the name of the algorithm means. */
const onCurve =
  (alg: string, kid: string, pair: () => { privateKey: import('node:crypto').KeyObject }): Made =>
  given => {
    const said = `${encoded({ alg, kid })}.${encoded(claims(given))}`
    const { privateKey: key } = pair()
    const isEd = alg === 'EdDSA'
    const signed = sign(
      isEd ? null : 'sha256',
      Buffer.from(said),
      isEd ? key : { key, dsaEncoding: 'ieee-p1363' },
    )
    return `${said}.${signed.toString('base64url')}`
  }
/** The issuer's own key, used for an algorithm that we do not take. */
const otherwise =
  (alg: string, hash: string, padding: number): Made =>
  given => {
    const said = `${encoded({ alg, kid: 'rsa-1' })}.${encoded(claims(given))}`
    const key = { key: rsa(given).secret, padding }
    return `${said}.${sign(hash, Buffer.from(said), key).toString('base64url')}`
  }
const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = constants
const flipped = (bytes: Buffer) => ((bytes[9]! ^= 1), bytes)
/** The same bytes, with bits in the last letter that no byte has. */
function otherLetters(token: string): string {
  const last = token.at(-1)!
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const twin = [...letters].find(
    letter => letter !== last && bytesOf(token.slice(0, -1) + letter) === bytesOf(token),
  )
  return token.slice(0, -1) + twin!
}
const bytesOf = (token: string) => Buffer.from(token.split('.')[2]!, 'base64url').toString('hex')

/** Credentials that are no key and must be no token: each answered 401. */
export const hostile: readonly (readonly [string, Made])[] = [
  ...['none', 'None', 'NONE', 'nOnE', '', 'rs256', 'RS1', 'HS256', 'dir', 'A256KW'].map(
    alg => [`unsigned, alg “${alg}”`, unsigned({ alg, kid: 'rsa-1' }, 'AA')] as const,
  ),
  ['unsigned, with an empty signature', unsigned({ alg: 'none' })],
  ['unsigned, alg null', unsigned({ alg: null }, 'AA')],
  ['unsigned, alg a list', unsigned({ alg: ['RS256'] }, 'AA')],
  ['without an alg', unsigned({ kid: 'rsa-1' }, 'AA')],
  [
    'genuine, and called unsigned',
    given => `${encoded({ alg: 'none' })}.${body(given)}.${tail(given)}`,
  ],

  ['HS256 with the public key as PEM', hmac(pem)],
  [
    'HS256 with the public key as PEM, and no last newline',
    hmac(given => String(pem(given)).trim()),
  ],
  ['HS256 with the public key as JSON', hmac(given => JSON.stringify(rsa(given).published))],
  [
    'HS256 with the modulus',
    hmac(given => Buffer.from((rsa(given).published as { n: string }).n, 'base64url')),
  ],
  ['HS256 with an empty secret', hmac(() => '')],
  [
    'HS256 with an empty secret, and a file as kid',
    hmac(() => '', { kid: '../../../../../dev/null' }),
  ],

  ['RS512 of the genuine key', otherwise('RS512', 'sha512', RSA_PKCS1_PADDING)],
  ['PS256 of the genuine key', otherwise('PS256', 'sha256', RSA_PKCS1_PSS_PADDING)],
  ['Ed25519 under its other name', withHeader({ alg: 'Ed25519' }, ed)],
  ['RSA with the kid of a curve', withHeader({ kid: 'ec-1' })],
  ['a curve with the kid of RSA', withHeader({ kid: 'rsa-1' }, ec)],
  ['a curve called RS256', withHeader({ alg: 'RS256' }, ec)],
  [
    'P-384 called ES256',
    onCurve('ES256', 'ec-1', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  ],
  [
    'secp256k1 called ES256',
    onCurve('ES256', 'ec-1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
  ],
  [
    'P-256 of another',
    onCurve('ES256', 'ec-1', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  ],
  ['Ed448 called EdDSA', onCurve('EdDSA', 'ed-1', () => generateKeyPairSync('ed448'))],
  ['ES256 with a signature of zeros', signature(() => Buffer.alloc(64), ec)],
  [
    'ES256 with a signature in DER',
    given => {
      const said = `${encoded(headerOf(ec(given)))}.${encoded(claims(given))}`
      return `${said}.${sign('sha256', Buffer.from(said), ec(given).secret).toString('base64url')}`
    },
  ],
  ['EdDSA with a signature of zeros', signature(() => Buffer.alloc(64), ed)],
  ['RS256 with a signature of zeros', signature(() => Buffer.alloc(256))],
  ['a signature with one other bit', signature(flipped)],
  ['a signature without its last byte', signature(bytes => bytes.subarray(0, -1))],
  ['a signature with one more byte', signature(bytes => Buffer.concat([bytes, Buffer.alloc(1)]))],
  [
    'a signature of another token',
    given => `${head(given)}.${body(given)}.${saying({ jti: '1' })(given).split('.')[2]}`,
  ],
  [
    'what it says, changed',
    given =>
      `${head(given)}.${encoded(claims(given, { scope: 'organisation:manage' }))}.${tail(given)}`,
  ],

  ['an attacker’s, with a genuine kid', forged()],
  ['an attacker’s, without a kid', forged({ kid: undefined })],
  ...[
    'unknown',
    '',
    '../../../../etc/passwd',
    "' UNION SELECT 'secret' --",
    'rsa-1\u0000',
    'RSA-1',
    '*',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '0',
    'x'.repeat(5000),
  ].map(kid => [`kid “${kid.slice(0, 30)}”`, forged({ kid })] as const),
  ...[0, true, null, ['rsa-1'], { kid: 'rsa-1' }].map(
    kid => [`kid ${JSON.stringify(kid)}`, forged({ kid })] as const,
  ),
  ['kid an address of the attacker', forged(({ attacker }) => ({ kid: `${attacker.url}/jwks` }))],
  [
    'kid twice',
    given => {
      const said = `${encoded('{"alg":"RS256","kid":"unknown","kid":"rsa-1"}')}.${encoded(claims(given))}`
      return `${said}.${sign('sha256', Buffer.from(said), forger(given).secret).toString('base64url')}`
    },
  ],
  ...['jku', 'x5u'].map(
    name =>
      [
        `${name} at the attacker`,
        forged(({ attacker }) => ({ [name]: `${attacker.url}/jwks` })),
      ] as const,
  ),
  [
    'jku at the attacker, and the kid of theirs',
    forged(({ attacker }) => ({ jku: `${attacker.url}/jwks`, kid: 'theirs' })),
  ],
  ['jwk, the attacker’s own', forged(given => ({ jwk: forger(given).published }))],
  ['jwk and no kid', forged(given => ({ jwk: forger(given).published, kid: undefined }))],
  ['x5c, the attacker’s own', forged({ x5c: ['MIIBszCCAVmgAwIBAgIUQ'] })],
  ['iss of the attacker, with their keys', given => given.attacker.token(given.now)],

  ['crit with something unknown', withHeader({ crit: ['strict'], strict: true })],
  ['crit with a claim', withHeader({ crit: ['exp'], exp: 1 })],
  ['crit, empty', withHeader({ crit: [] })],
  ['crit, no list', withHeader({ crit: 'b64' })],
  ['crit twice the same', withHeader({ crit: ['b64', 'b64'], b64: true })],
  ['crit with what jose knows', withHeader({ crit: ['b64'], b64: true })],
  ['b64 false', withHeader({ crit: ['b64'], b64: false })],
  ['of another kind: logging out', withHeader({ typ: 'logout+jwt' })],
  ['of another kind: an event', withHeader({ typ: 'secevent+jwt' })],
  ['of no kind', withHeader({ typ: 42 })],

  ['iss of another', saying({ iss: 'https://another.example' })],
  ['iss with a slash more', given => saying({ iss: `${given.issuer.url}/` })(given)],
  ['iss a list', given => saying({ iss: [given.issuer.url] })(given)],
  ['without iss', saying({ iss: undefined })],
  ['aud of another', saying({ aud: 'another' })],
  ['aud of others', saying({ aud: ['another', 'incident-ledger-test'] })],
  ['aud in capitals', saying({ aud: 'INCIDENT-LEDGER' })],
  ['aud an object', saying({ aud: { 'incident-ledger': true } })],
  ['aud null', saying({ aud: null })],
  ['without aud', saying({ aud: undefined })],
  ['over since an hour', given => saying({ exp: seconds(given) - 3600 })(given)],
  ['over since 1970', saying({ exp: 0 })],
  ['without an end', saying({ exp: undefined })],
  ['with an end without end', payload(said => said.replace(/"exp":\d+/, '"exp":1e400'))],
  ...['9999999999', null, true, [9999999999], {}].map(
    exp => [`exp ${JSON.stringify(exp)}`, saying({ exp })] as const,
  ),
  ['not valid for an hour yet', given => saying({ nbf: seconds(given) + 3600 })(given)],
  ['nbf a text', saying({ nbf: '0' })],
  ['iat a text', saying({ iat: 'now' })],
  ...[undefined, null, '', 1, true, [], ['subject-1'], { sub: 'subject-1' }, 'x'.repeat(201)].map(
    sub => [`sub ${String(JSON.stringify(sub)).slice(0, 30)}`, saying({ sub })] as const,
  ),
  ...[1, true, {}, [1], [['incidents:read']], [null]].map(
    scope => [`scope ${JSON.stringify(scope)}`, saying({ scope })] as const,
  ),

  ['saying no JSON', payload('incidents:read')],
  ['saying a list', payload(said => `[${said}]`)],
  ['saying a text', payload(said => JSON.stringify(said))],
  ['saying null', payload('null')],
  ['saying nothing', payload('')],
  [
    'saying what is not UTF-8',
    given => {
      const said = `${encoded(headerOf(rsa(given)))}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}`
      return `${said}.${sign('sha256', Buffer.from(said), rsa(given).secret).toString('base64url')}`
    },
  ],
  [
    'a token in a token',
    given => signedBy(rsa(given), { ...headerOf(rsa(given)), cty: 'JWT' }, genuine(given)),
  ],
  ['nested 3,000 deep', payload('['.repeat(3000) + ']'.repeat(3000))],
  [
    'a header nested 3,000 deep',
    given => `${encoded(`${'['.repeat(3000)}${']'.repeat(3000)}`)}.${body(given)}.AA`,
  ],
  ['a header that is a list', given => `${encoded('[]')}.${body(given)}.AA`],
  ['a header that is null', given => `${encoded('null')}.${body(given)}.AA`],
  [
    'a header with a prototype',
    given =>
      `${encoded('{"__proto__":{"alg":"RS256","kid":"rsa-1"}}')}.${body(given)}.${tail(given)}`,
  ],
  ['8,193 letters', given => genuine(given).padEnd(8193, 'A')],
  ['14,000 letters', saying({ filler: 'x'.repeat(9_800) })],

  ['one part', given => head(given)],
  ['two parts', given => `${head(given)}.${body(given)}`],
  ['two parts and a dot', given => `${head(given)}.${body(given)}.`],
  ['four parts', given => `${genuine(given)}.${tail(given)}`],
  [
    'five parts, like an encrypted one',
    given => `${head(given)}.AA.${body(given)}.AA.${tail(given)}`,
  ],
  ['a dot before it', given => `.${genuine(given)}`],
  ['a dot after it', given => `${genuine(given)}.`],
  ['dots alone', () => '..'],
  [
    'JSON instead of dots',
    given =>
      JSON.stringify({ protected: head(given), payload: body(given), signature: tail(given) }),
  ],
  ['padded', given => `${genuine(given)}==`],
  ['in the other base64', given => genuine(given).replaceAll('-', '+').replaceAll('_', '/') + '+'],
  ['of the same bytes in other letters', given => otherLetters(genuine(given))],
  ['with a letter that is none in it', given => genuine(given).replace('.', '.%')],
  ['twice', given => `${genuine(given)},Bearer`],
]

/** Genuine tokens of subjects that are nobody here: each answered 403. */
export const nobodies: readonly (readonly [string, Made])[] = [
  ['the id of a person', given => saying({ sub: given.personId })(given)],
  ['the handle of a person', saying({ sub: 'alice' })],
  ['__proto__', saying({ sub: '__proto__' })],
  ['constructor', saying({ sub: 'constructor' })],
  ['another case', saying({ sub: 'SUBJECT-1' })],
  ['a space after it', saying({ sub: 'subject-1 ' })],
  ['what a list of provider and subject looks like', saying({ sub: '","subject-1' })],
]

export const attackersKeys = () => [newSigningKey('RS256', 'rsa-1')]

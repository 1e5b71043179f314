import { HeaderMap } from '@apollo/server'
import { GraphQLError } from 'graphql'
import type { Allowance } from '../auth/allowances.js'
import type { Rates } from '../auth/rates.js'
import type { RejectionCode } from '../schema.generated.js'
import { keyNeeded } from './errors.js'

/** What a document costs that is refused: it was read and measured. */
export const refusedCost = 10
/** What a request of the command line costs, and an export. */
export const adminCost = 100
/** The schema is some 100 KiB. */
export const schemaCost = 100

/** Why a caller is refused, with what HTTP adds to it: the same on every path. */
export interface Turned {
  readonly code: RejectionCode
  readonly message: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly details?: object
}

/** What is said of an allowance with every answer. */
export const ratesOf = (allowance: Allowance): readonly (readonly [string, string])[] => [
  ['ratelimit', allowance.header],
  ['ratelimit-policy', allowance.policy],
]

/** Of an allowance that is empty. */
export function limited(rates: Rates, allowance: Allowance, what = 'Too much was asked'): Turned {
  rates.refused++
  const seconds = allowance.waitSeconds
  return {
    code: 'RATE_LIMITED',
    message: `${what}; ask again in ${seconds} s.`,
    status: 429,
    headers: [['retry-after', String(seconds)], ...ratesOf(allowance)],
    details: { retryAfterSeconds: seconds },
  }
}

/** Of somebody who is unknown, at an address. */
export function strangerAt(rates: Rates, address: string): Turned {
  rates.wrong++
  const allowance = rates.allowanceAt(address)
  if (allowance?.isEmpty)
    return limited(rates, allowance, 'Too much was asked without a key that is valid')
  allowance?.take(1)
  return {
    code: 'UNAUTHENTICATED',
    message: keyNeeded,
    status: 401,
    headers: [['www-authenticate', 'Bearer'], ...(allowance ? ratesOf(allowance) : [])],
  }
}

/** For Apollo. */
export const asError = ({ code, message, status, headers, details }: Turned) =>
  new GraphQLError(message, {
    extensions: {
      code,
      ...(details && { details }),
      http: { status, headers: new HeaderMap(headers.map(([name, value]) => [name, value])) },
    },
  })

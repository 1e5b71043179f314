import { isIPv6 } from 'node:net'
import { type Allowance, Allowances } from './allowances.js'

/** How much may be asked; 0 a minute is without a limit. */
export interface RateSettings {
  /** Cost of operations, for each key and each person with a token. */
  readonly perMinute: number
  readonly burst: number
  /** Requests without a valid credential, for each address. */
  readonly wrongPerMinute: number
}

/** More keys and people than there can be of either; of addresses there are more. */
const countMax = 20_000

/** Whose asking costs what. In memory: a start gives everybody their whole allowance again. */
export class Rates {
  readonly #spending: Allowances | undefined
  readonly #wrong: Allowances | undefined
  /** Requests that were refused for this. */
  refused = 0
  /** Requests without a valid credential. */
  wrong = 0

  constructor(
    { perMinute, burst, wrongPerMinute }: RateSettings,
    nowMs: () => number = () => performance.now(),
  ) {
    if (perMinute > 0)
      this.#spending = new Allowances({ name: 'cost', perMinute, burst }, countMax, nowMs)
    if (wrongPerMinute > 0) {
      const rate = { name: 'wrong-credentials', perMinute: wrongPerMinute, burst: wrongPerMinute }
      this.#wrong = new Allowances(rate, countMax, nowMs)
    }
  }

  /** Of a principal; undefined if there is no limit. */
  allowanceOf({ account }: { readonly account?: string }): Allowance | undefined {
    return account === undefined ? undefined : this.#spending?.of(account)
  }

  /** Of whoever sent no valid credential from this address. */
  allowanceAt(address: string): Allowance | undefined {
    return this.#wrong?.of(networkOf(address))
  }
}

const addressMax = 64

/** Of IPv6 the /64, which is the least that anybody is given. What is no address is taken as it is. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address.slice(0, addressMax)
  const [head = '', tail] = address.replace(/%.*$/, '').split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const between = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const all = [...first, ...Array<string>(between).fill('0'), ...last]
  return `${all
    .slice(0, 4)
    .map(group => parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

import { Logger } from '@nestjs/common'
import { strangerAt } from '../api/rated.js'
import type { Principal, Principals } from '../auth/principal.js'
import { type Rates, networkOf } from '../auth/rates.js'
import { Rejected } from '../decider/facet.js'
import type { RejectionCode } from '../schema.generated.js'
import { isTraceparent } from '../tracing.js'
import { closes } from './close-codes.js'
import { Counts } from './counts.js'
import type { WatchedPrincipals } from './watched-principals.js'
import type { WebSocketClient } from './websocket-client.js'

/** Sockets that have not said who they are, from one address. */
const waitingMax = 1000

/** What a page says of itself in its first message, since it cannot set headers. */
export type Params = Readonly<Record<string, unknown>>

/** Who is at the other end of each socket, and how many sockets they have. */
export class WebSocketCallers {
  readonly #byAccount = new Counts()
  readonly #waiting = new Counts()

  constructor(
    private readonly principals: Principals,
    private readonly watched: WatchedPrincipals,
    private readonly rates: Rates,
    private readonly socketsMax: number,
  ) {}

  /** Whether one more may come from this address. */
  mayCome(address: string): boolean {
    return this.#waiting.of(networkOf(address)) < waitingMax
  }

  came({ address }: WebSocketClient): void {
    this.#waiting.add(networkOf(address))
  }

  left({ principal, address, wasHeard, unwatch }: WebSocketClient): void {
    unwatch()
    if (principal) this.#byAccount.remove(accountOf(principal))
    else this.#waiting.remove(networkOf(address))
    // Who only holds a socket is as much a stranger as who tries a key.
    if (!wasHeard) strangerAt(this.rates, address)
  }

  /** Whether a socket may stay, by what its request and its first message say; else it is closed. */
  async admit(client: WebSocketClient, params: Params | undefined): Promise<boolean> {
    client.wasHeard = true
    try {
      const headers = headersOf(client, params)
      const principal = await this.principals.of({ headers })
      if (!principal) refuse(client, strangerAt(this.rates, client.address).code)
      else if (this.#byAccount.of(accountOf(principal)) >= this.socketsMax)
        client.close(closes.tooMuch, 'Too many sockets')
      else if (!client.isOver) return this.#known(client, headers, principal)
    } catch (error) {
      if (error instanceof Rejected) refuse(client, error.code)
      else {
        new Logger('WebSocket').error({ err: error }, 'A fault was masked')
        client.close(closes.fault, 'INTERNAL')
      }
    }
    return false
  }

  /** It stays for as long as the credential is what it is now. */
  #known(
    client: WebSocketClient,
    { traceparent, ...headers }: Headers,
    principal: Principal,
  ): true {
    client.principal = principal
    client.traceparent = traceparent
    client.unwatch = this.watched.watch(headers, principal, () => refuse(client, 'UNAUTHENTICATED'))
    this.#waiting.remove(networkOf(client.address))
    this.#byAccount.add(accountOf(principal))
    return true
  }
}

/** The command line's own secret has no account. */
const accountOf = ({ account }: Principal) => account ?? ''

/** What of a request's headers a socket is known by. */
type Headers = {
  readonly [name in 'authorization' | 'ledger-acting-for' | 'traceparent']?: string
}

/** Of both, the request's count. */
function headersOf({ headers }: WebSocketClient, params: Params | undefined): Headers {
  const said = Object.entries(params ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const all: Params = { ...Object.fromEntries(said), ...headers }
  const { authorization, 'ledger-acting-for': actingFor, traceparent } = all
  return {
    ...(typeof authorization === 'string' && { authorization }),
    ...(typeof actingFor === 'string' && { 'ledger-acting-for': actingFor }),
    ...(isTraceparent(traceparent) && { traceparent }),
  }
}

function refuse(client: WebSocketClient, code: RejectionCode): void {
  const known: Partial<Record<RejectionCode, number>> = {
    RATE_LIMITED: closes.tooMuch,
    STORE_UNAVAILABLE: closes.tryAgainLater,
  }
  client.close(known[code] ?? closes.forbidden, code)
}

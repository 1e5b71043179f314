import { Admission } from './api/admission.js'
import { TrustedDocuments } from './api/trusted-documents.js'
import { IssuerKeys } from './auth/issuer-keys.js'
import { Principals } from './auth/principal.js'
import { Rates } from './auth/rates.js'
import { Tokens } from './auth/tokens.js'
import { Clock } from './clock.js'
import type { Config } from './config.js'
import { Metrics } from './ops/metrics.js'
import { trustedDocuments } from './trusted.js'

/** What tells who asks, and whether they may. */
export const asking = (config: Config) => [
  { provide: TrustedDocuments, useValue: trustedDocuments(config) },
  {
    provide: Admission,
    useFactory: (documents: TrustedDocuments, rates: Rates) =>
      new Admission(config.limits, documents, rates),
    inject: [TrustedDocuments, Rates],
  },
  ...knowing(config),
]

const knowing = ({ tokens, rates }: Config) => [
  Principals,
  {
    provide: Rates,
    useFactory: (metrics: Metrics) => counted(new Rates(rates), metrics),
    inject: [Metrics],
  },
  {
    provide: IssuerKeys,
    useFactory: (clock: Clock, metrics: Metrics) =>
      tokens && watched(new IssuerKeys(tokens.jwksUrl, () => Date.parse(clock.now())), metrics),
    inject: [Clock, Metrics],
  },
  {
    provide: Tokens,
    useFactory: (clock: Clock, keys: IssuerKeys | undefined) =>
      tokens && keys && new Tokens(tokens, keys, clock.now),
    inject: [Clock, IssuerKeys],
  },
]

/** A start does not wait for the issuer, but finds out at once whether it answers. */
function watched(keys: IssuerKeys, metrics: Metrics): IssuerKeys {
  for (const { name, help, read } of keys.readings) metrics.gauge(name, help, read)
  metrics.counter(
    'ledger_issuer_fetches_failed_total',
    'Times that the keys of the issuer of tokens could not be fetched.',
    () => keys.failures,
  )
  void keys.refresh()
  return keys
}

function counted(rates: Rates, metrics: Metrics): Rates {
  metrics.counter(
    'ledger_rate_limited_total',
    'Requests that were refused because too much was asked.',
    () => rates.refused,
  )
  metrics.counter(
    'ledger_wrong_credentials_total',
    'Requests that came without a valid credential.',
    () => rates.wrong,
  )
  return rates
}

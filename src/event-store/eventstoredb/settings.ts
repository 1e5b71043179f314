import { EventStoreDBClient } from '@eventstore/db-client'

export interface EventStoreDBSettings {
  /** The server's connection string: `esdb://…` or `esdb+discover://…`. */
  readonly url: string
  /** Before the name of each stream, so that ledgers and others can share a server; may be ''. */
  readonly prefix: string
}

/** What the client understands; it prints the whole connection string for anything else. */
const options: ReadonlySet<string> = new Set([
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
  'throwonappendfailure',
  'tls',
  'tlscafile',
  'tlsverifycert',
  'usercertfile',
  'userkeyfile',
])

/** What is wrong with a connection string, in one line that quotes nothing of it; undefined if nothing. */
export function mistakeIn(url: string): string | undefined {
  if (!/^esdb(\+discover)?:\/\//.test(url)) return 'It must begin with esdb:// or esdb+discover://.'
  if (authorityOf(url).includes('@') && !/^[^:@]+:[^@]+@[^@]*$/.test(authorityOf(url)))
    return 'Credentials are user:password, with @ : / ? # and % in them percent-encoded.'
  for (const [name, value] of optionsOf(url)) {
    if (!value) return 'Its options are name=value, with & between them.'
    if (!options.has(nameOf(name))) return `It has an option that is not known: ${plain(name)}.`
    if (nameOf(name) === 'tlsverifycert' && value === 'false')
      return 'tlsVerifyCert=false is not possible; name the certificate authority in tlsCAFile.'
  }
  return mistakeOfTheClient(url)
}

/** The hosts alone: for messages and logs. */
export function withoutSecrets(url: string): string {
  const [, scheme] = /^(esdb(?:\+discover)?):\/\//.exec(url) ?? []
  if (!scheme) return 'EventStoreDB'
  const authority = authorityOf(url)
  return `${scheme}://${authority.slice(authority.lastIndexOf('@') + 1)}`
}

let clients = 0
/** As many clients as can be apart; more than there are at a time. */
const clientsMax = 1000
const keepAliveTimeoutMs = 10_000

/**
 * The same for one client of ours. Its own tries to find a cluster's nodes are cut short: they could not
 * be stopped, and we try again ourselves. And some milliseconds of difference give it a connection of
 * its own: gRPC lends one connection, with its waits after a failure, to all clients with equal options.
 */
export function forClient(url: string): string {
  const base = url.trim().replace(/\/+$/, '')
  const timeout = Number(optionsOf(url).findLast(isKeepAliveTimeout)?.[1] ?? keepAliveTimeoutMs)
  const apart = timeout < 0 ? timeout : timeout + (clients++ % clientsMax)
  const ours = `maxDiscoverAttempts=1&gossipTimeout=2&keepAliveTimeout=${apart}`
  return `${base}${base.includes('?') ? '&' : '?'}${ours}`
}

const nameOf = (option: string) => option.replace(/[_-]/g, '').toLowerCase()
const isKeepAliveTimeout = ([name]: [string, string?]) => nameOf(name) === 'keepalivetimeout'
const withoutScheme = (url: string) => url.trim().replace(/^[^:]*:\/\//, '')
const authorityOf = (url: string) => {
  const [beforeOptions] = withoutScheme(url).split('?')
  const end = beforeOptions!.indexOf('/', beforeOptions!.lastIndexOf('@') + 1)
  return end < 0 ? beforeOptions! : beforeOptions!.slice(0, end)
}
const optionsOf = (url: string) =>
  withoutScheme(url)
    .split('?')
    .slice(1)
    .join('?')
    .split('&')
    .filter(option => option !== '')
    .map(option => option.split('=') as [string, string?])
const plain = (name: string) => (/^\w{1,40}$/.test(name) ? name : 'its name is not a word')

/** The client's own errors quote the string, credentials and all: only what it expected is told. */
function mistakeOfTheClient(url: string): string | undefined {
  try {
    void EventStoreDBClient.connectionString(url)
    return undefined
  } catch (error) {
    const { expected, message } = Object(error) as { expected?: unknown; message?: unknown }
    if (typeof expected === 'string') return `It is not a connection string: expected ${expected}.`
    if (/certificate/i.test(String(message))) return 'The certificate or key it names is not there.'
    return 'The client cannot use it; see its certificates and options.'
  }
}

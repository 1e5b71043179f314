import { OutcomeUnknown, StoreDamaged, StoreUnavailable } from '../event-store.js'

/** Why a call to the server failed, by what can be done about it. */
export type FailureKind =
  /** The connection or the server: try again on a new one. */
  | 'DOWN'
  /** Nothing came in time: the same. */
  | 'SILENT'
  /** The server answered that it cannot for now: try again on the same. */
  | 'BUSY'
  /** Another node leads: the client connects there by itself. */
  | 'NOT_LEADER'
  /** Wrong credentials or no permission. */
  | 'DENIED'
  /** The server and we do not agree on TLS. */
  | 'TLS'
  /** The append is larger than the server takes. */
  | 'TOO_LARGE'
  /** Somebody deleted one of our streams for good. */
  | 'DELETED'
  /** The server is too old for what we ask. */
  | 'TOO_OLD'
  | 'OTHER'

/** Trying again will not help until somebody changes something. */
const lasting: ReadonlySet<FailureKind> = new Set(['DENIED', 'TLS', 'TOO_OLD'])
const final: ReadonlySet<FailureKind> = new Set([...lasting, 'TOO_LARGE', 'DELETED'])

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** It never reached a server: nothing can have been written. */
    readonly neverSent = false,
  ) {
    super(message)
  }

  /** Whether it says something of the connection, and not of what was asked. */
  get isOfConnection(): boolean {
    return !['TOO_LARGE', 'DELETED', 'OTHER'].includes(this.kind)
  }
  get isLasting(): boolean {
    return lasting.has(this.kind)
  }
  /** There is no doubt that the server will not serve us now. */
  get isRefusal(): boolean {
    return this.isLasting || (this.neverSent && /ECONNREFUSED|ENOTFOUND/.test(this.message))
  }
  /** The same call would fail in the same way. */
  get isFinal(): boolean {
    return final.has(this.kind)
  }

  /** As the port tells it. */
  asError(mayBeWritten = false): Error {
    if (mayBeWritten) return new OutcomeUnknown(`The append may be written or not: ${this.message}`)
    return this.kind === 'DELETED'
      ? new StoreDamaged(this.message)
      : new StoreUnavailable(this.message)
  }
}

export const silent = (ms: number) =>
  new Failure('SILENT', `EventStoreDB has not answered for ${ms} ms.`)

/** gRPC's status codes, as far as they tell us something. */
const code = {
  CANCELLED: 1,
  DEADLINE_EXCEEDED: 4,
  PERMISSION_DENIED: 7,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
}

/** By class first, then by code: some errors of the client have no type, some no message. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  const { metadata, ...told } = Object(error) as Told
  const exception = String(metadata?.get('exception')[0] ?? '')
  const line = lineOf(told.details ?? told.message ?? (Object(error) as Error).message)
  if (exception === 'not-leader') return new Failure('NOT_LEADER', 'That node does not lead.')
  if (exception === 'access-denied' || isDenied(told.code))
    return new Failure('DENIED', `EventStoreDB refuses our credentials: ${line}`)
  if (exception === 'stream-deleted') return deleted()
  if (told.code === code.UNIMPLEMENTED) return tooOld()
  if (isTls(line)) return new Failure('TLS', `EventStoreDB cannot be trusted over TLS: ${line}`)
  return new Failure(kindOf(told.code, line), unavailable(line), isNeverSent(line))
}

export const deleted = () =>
  new Failure('DELETED', 'A stream of the ledger was deleted on the server.')
export const tooOld = () =>
  new Failure('TOO_OLD', 'The server is too old; EventStoreDB 22.10 or newer is needed.')
export const denied = () =>
  new Failure('DENIED', 'EventStoreDB does not let our credentials write here.')
export const tooLarge = (bytesMax: number) =>
  new Failure(
    'TOO_LARGE',
    `The append is larger than EventStoreDB takes; raise its MaxAppendSize (${bytesMax} bytes now).`,
  )

interface Told {
  readonly code?: unknown
  readonly details?: unknown
  readonly message?: unknown
  readonly metadata?: { get(key: string): readonly unknown[] }
}

const isDenied = (told: unknown) => told === code.UNAUTHENTICATED || told === code.PERMISSION_DENIED
const isTls = (line: string) =>
  /certificate|self.signed|altname|wrong version number|unable to verify|\bSSL\b|\bTLS\b/i.test(
    line,
  )
/** grpc-js: no connection was ever given to the call. */
const isNeverSent = (line: string) => line.startsWith('No connection established')
const unavailable = (line: string) => `EventStoreDB cannot be used: ${line}`

function kindOf(told: unknown, line: string): FailureKind {
  if ([code.UNAVAILABLE, code.CANCELLED, code.INTERNAL].includes(told as number)) return 'DOWN'
  if (told === code.DEADLINE_EXCEEDED || told === code.ABORTED) return 'SILENT'
  return typeof told === 'string' || /discover/.test(line) ? 'DOWN' : 'OTHER'
}

/** One line of bounded length. */
function lineOf(text: unknown): string {
  const [line] = String(text ?? '').split('\n')
  return line!.slice(0, 300) || 'it said nothing more'
}

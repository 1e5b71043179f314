import { type Limits, limits } from './api/limits.js'
import type { RateSettings } from './auth/rates.js'

/** Whether clients are held to documents that the operator knows: not, counted, or to nothing else. */
export const documentModes = ['off', 'prefer', 'required'] as const
export type DocumentMode = (typeof documentModes)[number]

/** When requests are refused so that the others are answered. 0 of a time is never. */
export interface Shedding {
  /** Milliseconds that the event loop is late, on average over half a second. */
  readonly loopMsMax: number
  /** Milliseconds that the first of the appends that wait has waited. */
  readonly writeMsMax: number
  /** Appends that wait. */
  readonly appendsMax: number
}

/** How much those may ask for who are told live. */
export interface LiveSettings {
  /** Milliseconds within which a socket has to say who it is. */
  readonly initMs: number
  /** Milliseconds between two pings; who has not answered one by the next is gone. */
  readonly pingMs: number
  /** Sockets of one key, or one person with tokens, at a time. */
  readonly socketsMax: number
  /** Operations of one socket at a time. */
  readonly operationsMax: number
  /** Messages of one socket; a sixth of them may come at once. */
  readonly messagesPerMinute: number
  readonly messageBytes: number
  /** Answers of HTTP that stay open, feeds and operations in streams, of one key or person at a time. */
  readonly streamsMax: number
  /** Of pages that may open sockets, beside those that come from here. */
  readonly origins: readonly string[]
}

interface Bounded {
  readonly standard: number
  readonly min: number
  readonly max: number
}

/** Settings that are a whole number, with what they stand at and the least and most that make sense. */
export const numbers = {
  LEDGER_SHED_LOOP_MS: { standard: 500, min: 0, max: 60_000 },
  LEDGER_SHED_WRITE_MS: { standard: 2000, min: 0, max: 60_000 },
  LEDGER_SHED_APPENDS: { standard: 5000, min: 1, max: 10_000 },
  LEDGER_RATE_PER_MINUTE: { standard: 600_000, min: 0, max: 999_999_999 },
  LEDGER_RATE_BURST: { standard: 60_000, min: 1, max: 999_999_999 },
  LEDGER_RATE_WRONG_PER_MINUTE: { standard: 60, min: 0, max: 100_000 },
  LEDGER_LIMIT_DEPTH: { standard: limits.depth, min: 5, max: 50 },
  LEDGER_LIMIT_ALIASES: { standard: limits.aliases, min: 0, max: 1000 },
  LEDGER_LIMIT_ROOT_FIELDS: { standard: limits.rootFields, min: 1, max: 100 },
  LEDGER_LIMIT_TOKENS: { standard: limits.tokens, min: 200, max: 10_000 },
  LEDGER_LIMIT_COST: { standard: limits.cost, min: 100, max: 100_000 },
  LEDGER_LIMIT_BODY_BYTES: { standard: limits.bodyBytes, min: 16 * 1024, max: 1024 * 1024 },
  LEDGER_LIMIT_ANSWER_BYTES: {
    standard: limits.answerBytes,
    min: 64 * 1024,
    max: 64 * 1024 * 1024,
  },
  LEDGER_LIVE_STREAMS: { standard: 100, min: 1, max: 100_000 },
  LEDGER_LIMIT_OPERATION_MS: { standard: limits.operationMs, min: 100, max: 60_000 },
  LEDGER_LIVE_INIT_MS: { standard: 3000, min: 100, max: 60_000 },
  LEDGER_LIVE_PING_MS: { standard: 15_000, min: 1000, max: 600_000 },
  LEDGER_LIVE_SOCKETS: { standard: 20, min: 1, max: 100_000 },
  LEDGER_LIVE_OPERATIONS: { standard: 50, min: 1, max: 1000 },
  LEDGER_LIVE_MESSAGES_PER_MINUTE: { standard: 12_000, min: 60, max: 999_999_999 },
  LEDGER_LIVE_MESSAGE_BYTES: { standard: 64 * 1024, min: 4 * 1024, max: 1024 * 1024 },
} as const satisfies Record<string, Bounded>
export type NumberName = keyof typeof numbers

/** What is wrong with a value; false if nothing is. */
export function wrongNumber(name: NumberName, value: string): string | false {
  const { min, max } = numbers[name]
  const isWithin = /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max
  return !isWithin && `must be a whole number, ${min} to ${max}`
}

export const sheddingFrom = (number: (name: NumberName) => number): Shedding =>
  Object.freeze({
    loopMsMax: number('LEDGER_SHED_LOOP_MS'),
    writeMsMax: number('LEDGER_SHED_WRITE_MS'),
    appendsMax: number('LEDGER_SHED_APPENDS'),
  })

export const ratesFrom = (number: (name: NumberName) => number): RateSettings =>
  Object.freeze({
    perMinute: number('LEDGER_RATE_PER_MINUTE'),
    burst: number('LEDGER_RATE_BURST'),
    wrongPerMinute: number('LEDGER_RATE_WRONG_PER_MINUTE'),
  })

export const limitsFrom = (number: (name: NumberName) => number): Limits =>
  Object.freeze({
    ...limits,
    depth: number('LEDGER_LIMIT_DEPTH'),
    aliases: number('LEDGER_LIMIT_ALIASES'),
    rootFields: number('LEDGER_LIMIT_ROOT_FIELDS'),
    tokens: number('LEDGER_LIMIT_TOKENS'),
    cost: number('LEDGER_LIMIT_COST'),
    bodyBytes: number('LEDGER_LIMIT_BODY_BYTES'),
    answerBytes: number('LEDGER_LIMIT_ANSWER_BYTES'),
    operationMs: number('LEDGER_LIMIT_OPERATION_MS'),
  })

export const liveFrom = (
  number: (name: NumberName) => number,
  origins: readonly string[],
): LiveSettings =>
  Object.freeze({
    initMs: number('LEDGER_LIVE_INIT_MS'),
    pingMs: number('LEDGER_LIVE_PING_MS'),
    socketsMax: number('LEDGER_LIVE_SOCKETS'),
    operationsMax: number('LEDGER_LIVE_OPERATIONS'),
    messagesPerMinute: number('LEDGER_LIVE_MESSAGES_PER_MINUTE'),
    messageBytes: number('LEDGER_LIVE_MESSAGE_BYTES'),
    streamsMax: number('LEDGER_LIVE_STREAMS'),
    origins: Object.freeze(origins),
  })

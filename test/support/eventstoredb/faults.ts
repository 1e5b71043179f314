import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerErrorResponse } from '@grpc/grpc-js'
import { notLeader, unavailable } from './errors.js'

/** A server that starts or has no leader; a server that waited too long for its own disk or nodes. */
export type Refusal = 'NOT_READY' | 'TIMED_OUT'
export type CallKind = 'append' | 'read' | 'subscribe'

/** One request and the ways there are to treat it; a fault is a choice among them. */
export interface Turn {
  /** The port of the node that was asked. */
  readonly port: number
  /** Does what was asked and says nothing: an append is stored, once, whatever follows. */
  perform(): void
  /** Performs and answers; of a read or a subscription the first `events` events only. */
  answer(events?: number): Promise<void>
  /** Performs, answers half, and leaves the other half out. */
  answerHalf(): Promise<void>
  /** Performs, and answers under a correlation id nobody sent; reads know no such thing. */
  answerNobody(): void
  /** Answers that it cannot: on the batch append a message of its own, elsewhere a status. */
  refuse(reason: Refusal): void
  /** Ends the call with status OK, whatever is still owed on it. */
  end(): void
  fail(error: ServerErrorResponse): void
  /** Resets the connection with everything on it. */
  reset(): void
}

export type Fault = (turn: Turn) => void | Promise<void>

/** Every way a server misbehaves here. Those with a figure are made with it. */
export const fault = {
  /** The request is taken, never done, never answered. */
  silent: () => undefined,
  /** It is done at once and answered after `ms`. */
  late: (ms: number) => async (turn: Turn) => {
    turn.perform()
    await sleep(ms)
    await turn.answer()
  },
  /** It is done, and answered, after `ms` only. */
  slow: (ms: number) => async (turn: Turn) => {
    await sleep(ms)
    await turn.answer()
  },
  /** Half an answer and never the rest. */
  half: (turn: Turn) => turn.answerHalf(),
  /** Half an answer, then the connection is reset. */
  halfThenReset: async (turn: Turn) => {
    await turn.answerHalf()
    turn.reset()
  },
  /** The call ends with OK; nothing pending on it is done or answered. */
  endStream: (turn: Turn) => turn.end(),
  reset: (turn: Turn) => turn.reset(),
  notReady: (turn: Turn) => turn.refuse('NOT_READY'),
  timedOut: (turn: Turn) => turn.refuse('TIMED_OUT'),
  commitThenTimedOut: (turn: Turn) => {
    turn.perform()
    turn.refuse('TIMED_OUT')
  },
  unavailable: (turn: Turn) => turn.fail(unavailable()),
  /** The node says that it does not lead, and names itself as the leader. */
  notLeader: (turn: Turn) => turn.fail(notLeader(turn.port)),
  /** The node says that the leader listens at the port. */
  leaderIsAt: (port: number) => (turn: Turn) => turn.fail(notLeader(port)),
  /** It is done, and answered to somebody who never asked. */
  unknownCorrelation: (turn: Turn) => turn.answerNobody(),
  commitSilently: (turn: Turn) => turn.perform(),
  commitThenReset: (turn: Turn) => {
    turn.perform()
    turn.reset()
  },
  commitThenEnd: (turn: Turn) => {
    turn.perform()
    turn.end()
  },
  commitThenUnavailable: (turn: Turn) => {
    turn.perform()
    turn.fail(unavailable())
  },
  /** A read or a subscription breaks off after its n-th event, with an error or like a good end. */
  cutAt:
    (events: number, { gracefully = false } = {}) =>
    async (turn: Turn) => {
      await turn.answer(events)
      if (gracefully) turn.end()
      else turn.fail(unavailable())
    },
  /** A read or a subscription loses its connection after its n-th event. */
  resetAt: (events: number) => async (turn: Turn) => {
    await turn.answer(events)
    turn.reset()
  },
} as const

const wellBehaved: Fault = turn => turn.answer()

/** Which faults the next calls meet. */
export class Faults {
  readonly #next = { append: [] as Fault[], read: [] as Fault[], subscribe: [] as Fault[] }
  readonly #standing = new Map<CallKind, Fault>()

  /** The next `times` calls of the kind meet the fault, after those already told. */
  next(kind: CallKind, what: Fault, times = 1) {
    for (let n = 0; n < times; n++) this.#next[kind].push(what)
  }

  /** Every call of the kind meets the fault until it is cleared. */
  always(kind: CallKind, what: Fault) {
    this.#standing.set(kind, what)
  }

  clear(...kinds: CallKind[]) {
    for (const kind of kinds.length > 0 ? kinds : (['append', 'read', 'subscribe'] as const)) {
      this.#next[kind] = []
      this.#standing.delete(kind)
    }
  }

  /** How many of the faults told are still to come. */
  pending(kind: CallKind) {
    return this.#next[kind].length
  }

  async meet(kind: CallKind, turn: Turn) {
    const met = this.#next[kind].shift() ?? this.#standing.get(kind) ?? wellBehaved
    try {
      await met(turn)
    } catch (error) {
      // Whatever goes wrong in here is told to whoever asked, as the real server does.
      turn.fail(error as Error)
    }
  }
}

import {
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  defaultFieldResolver,
  isObjectType,
} from 'graphql'
import { inSlices } from '../in-slices.js'
import { refusal } from './errors.js'

/**
 * Gives every operation its time: what is still awaited when it is over fails with TIMEOUT, and the
 * operation is answered with what there is. It holds on every transport, since it is in the schema.
 */
export function withDeadline(schema: GraphQLSchema, ms: number): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !type.name.startsWith('__'))
      for (const field of Object.values(type.getFields()))
        field.resolve = inTime(field.resolve ?? defaultFieldResolver, ms)
  return schema
}

/** What it answers, while there is time left. */
export const inTime =
  (resolve: Resolver, ms: number): Resolver =>
  (source, args, context, info) => {
    const answer: unknown = resolve(source, args, context, info)
    return isPromise(answer) ? deadlineOf(info, ms).within(answer) : answer
  }

type Resolver = GraphQLFieldResolver<unknown, any>

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null)?.then === 'function'

/** graphql makes the coerced variables anew for each execution, one event of a subscription too. */
const running = new WeakMap<object, Deadline>()

function deadlineOf({ variableValues }: GraphQLResolveInfo, ms: number): Deadline {
  const known = running.get(variableValues) ?? new Deadline(ms)
  running.set(variableValues, known)
  return known
}

/** One timer for all that one execution waits for, gone when nothing is waited for. */
class Deadline {
  readonly #endsAt: number
  readonly #fail = new Set<(error: Error) => void>()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly ms: number) {
    this.#endsAt = performance.now() + ms
  }

  within(answer: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#fail.add(reject)
      this.#timer ??= setTimeout(() => this.#over(), this.#endsAt - performance.now())
      const settled = () => this.#settled(reject)
      answer.then(
        value => (settled(), resolve(value)),
        error => (settled(), reject(error)),
      )
    })
  }

  #settled(reject: (error: Error) => void): void {
    this.#fail.delete(reject)
    if (this.#fail.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #over(): void {
    for (const reject of this.#fail) reject(timedOut(this.ms))
  }
}

const timedOut = (ms: number) =>
  refusal(
    'TIMEOUT',
    `No answer within ${ms} ms; a command may still be done: send its commandId again.`,
    503,
  )

export type Slicing = <Result>(work: Iterator<unknown, Result>) => Promise<Result>

/**
 * Does work in slices, and none any more once an operation that began by now is over: whoever asked has been
 * answered, and what nobody waits for would still take time and memory from all others.
 */
export function slicing(ms: number): Slicing {
  const endsAt = performance.now() + ms
  return work =>
    inSlices(work, () => {
      if (performance.now() > endsAt) throw timedOut(ms)
    })
}

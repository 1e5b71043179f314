import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  context,
  isSpanContextValid,
  trace,
} from '@opentelemetry/api'

/** Where the spans of a request belong; it is there only while somebody records them. */
export type Trace = Context

/** Until an SDK is registered this makes spans that are nothing. */
const tracer = trace.getTracer('incident-ledger')

/** The span of a request, below the one that is active or that the client's `traceparent` names. */
export function requestSpan(traceparent: unknown): Span {
  const active = context.active()
  const parent = trace.getSpan(active) ? active : remote(traceparent)
  return tracer.startSpan('graphql', { kind: SpanKind.SERVER }, parent)
}

/** The trace that a span is of, 32 lower-case hex digits; undefined if it is of none. */
export function traceIdOf(span: Span): string | undefined {
  const spanContext = span.spanContext()
  return isSpanContextValid(spanContext) ? spanContext.traceId : undefined
}

/** For the spans below it; undefined, and they cost nothing, if it is not recorded. */
export const traceOf = (span: Span): Trace | undefined =>
  span.isRecording() ? trace.setSpan(ROOT_CONTEXT, span) : undefined

/** Does the work, in a span of its own where the request is traced. */
export function spanned<Result>(
  name: string,
  parent: Trace | undefined,
  attributes: Attributes,
  work: () => Result,
): Result {
  if (!parent) return work()
  const span = tracer.startSpan(name, { attributes }, parent)
  const failed = (error: unknown): never => {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).name })
    span.end()
    throw error
  }
  try {
    const result = work()
    if (!(result instanceof Promise)) span.end()
    else return result.then(value => (span.end(), value), failed) as Result
    return result
  } catch (error) {
    return failed(error)
  }
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Whether it names a trace, and so is no longer than that takes. */
export const isTraceparent = (value: unknown): value is string =>
  typeof value === 'string' && form.test(value)

/** W3C Trace Context, version 00 and what is compatible with it. */
function remote(traceparent: unknown): Context {
  const [, version, traceId, spanId, flags] =
    (isTraceparent(traceparent) && form.exec(traceparent)) || []
  if (!traceId || !spanId || version === 'ff') return ROOT_CONTEXT
  const traceFlags = Number.parseInt(flags!, 16) & TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

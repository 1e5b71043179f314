import type { ApolloServerPlugin } from '@apollo/server'
import { type Span, SpanStatusCode } from '@opentelemetry/api'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { newCorrelationId } from '../commands/attempt.js'
import { type Trace, requestSpan, traceIdOf, traceOf } from '../tracing.js'

/** What of a request's trace is known to all that it does. */
export interface Traced {
  /** 32 lower-case hex digits that all events of the request share: its trace's id, if it has one. */
  readonly correlationId: string
  readonly trace?: Trace
}

const spans = new WeakMap<object, Span>()

/** Begins the span of a request, which ends with its answer. */
export function traced({ headers, id }: FastifyRequest, reply: FastifyReply): Traced {
  const { span, ...known } = begun(id, headers.traceparent)
  if (known.trace)
    reply.raw.once('close', () => {
      const { statusCode } = reply.raw
      span.setAttribute('http.response.status_code', statusCode)
      if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    })
  return known
}

/** The same of one operation on a connection that carries many; whoever runs it says when it ends. */
export function tracedOperation(
  requestId: string,
  traceparent: unknown,
): Traced & { readonly end: () => void } {
  const { span, ...known } = begun(requestId, traceparent)
  return { ...known, end: () => span.end() }
}

function begun(requestId: string, traceparent: unknown): Traced & { readonly span: Span } {
  const span = requestSpan(traceparent)
  const correlationId = traceIdOf(span) ?? newCorrelationId()
  const trace = traceOf(span)
  if (!trace) return { correlationId, span }
  spans.set(trace, span)
  span.setAttribute('ledger.request_id', requestId)
  return { correlationId, trace, span }
}

/** Says in the span what is done, once it is known that it may be: by the schema's names, not the client's. */
export const namedSpans: ApolloServerPlugin<{ trace?: Trace }> = {
  async requestDidStart({ contextValue: { trace } }) {
    const span = trace && spans.get(trace)
    if (!span) return undefined
    return {
      async executionDidStart({ operation }) {
        const [first] = operation.selectionSet.selections
        const field = first?.kind === 'Field' ? first.name.value : undefined
        span.updateName(`${operation.operation} ${field ?? ''}`.trimEnd())
        span.setAttribute('graphql.operation.type', operation.operation)
      },
    }
  },
}

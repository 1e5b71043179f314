import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { type App, dataOf, logOf, startApp, until } from '../support/app.js'

const exporter = new InMemorySpanExporter()
let app: App
beforeAll(async () => {
  app = await startApp()
})
beforeEach(() => exporter.reset())
afterAll(() => app.close())

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${parentId}-01`
const declare = 'mutation Secret { declareIncident(input: { title: "x" }) { events { id } } }'
const correlation = async () => (await logOf(app.store)).at(-1)!.correlationId

/** The spans of one request, which ends after its answer. */
async function spansOf(ask: () => Promise<unknown>): Promise<readonly ReadableSpan[]> {
  exporter.reset()
  await ask()
  await until(() => exporter.getFinishedSpans().some(({ kind }) => kind !== 0))
  return exporter.getFinishedSpans()
}

test('without an SDK nothing is recorded, and the trace that a client names is still the correlation id', async () => {
  dataOf(await app.ask('alice', declare, {}, { traceparent }))
  expect(await correlation()).toBe(traceId)
  dataOf(
    await app.ask('alice', declare, {}, { traceparent: `00-${'0'.repeat(32)}-${parentId}-01` }),
  )
  expect(await correlation()).toMatch(/^(?!0+$)[0-9a-f]{32}$/)
  expect(exporter.getFinishedSpans()).toEqual([])
})

test('with one a command is a span, of the client’s trace, with its decision, its append and the views’ wait below it', async () => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  const spans = await spansOf(() => app.ask('alice', declare, {}, { traceparent }))
  const root = spans.find(({ kind }) => kind !== 0)!
  expect([root.name, root.parentSpanContext?.spanId]).toEqual([
    'mutation declareIncident',
    parentId,
  ])
  expect(root.attributes).toEqual({
    'ledger.request_id': expect.stringMatching(/^[\w-]{36}$/),
    'graphql.operation.type': 'mutation',
    'http.response.status_code': 200,
  })
  const below = spans.filter(span => span.parentSpanContext?.spanId === root.spanContext().spanId)
  expect(below.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['decide', { 'ledger.command': 'DeclareIncident' }],
    ['append', { 'ledger.events': 2 }],
    ['wait for views', {}],
  ])
  for (const span of spans) expect(span.spanContext().traceId).toBe(traceId)
  expect(await correlation()).toBe(traceId)
})

test('without a traceparent the correlation id of the events is the id of the trace that is recorded', async () => {
  const [span] = await spansOf(() => app.ask('alice', declare))
  expect(await correlation()).toBe(span!.spanContext().traceId)
})

test('a refused decision is a span that failed; what a client wrote is in none', async () => {
  const id = await app.declared({}, 'alice')
  const claim = `mutation Secret { acceptHandoff(incidentId: "${id}") { revision } }`
  const spans = await spansOf(() => app.ask('bob', claim))
  expect(spans.map(({ name, status }) => [name, status.code])).toContainEqual([
    'decide',
    SpanStatusCode.ERROR,
  ])
  const told = spans.map(({ name, attributes, status, events }) => ({
    name,
    attributes,
    status,
    events,
  }))
  expect(JSON.stringify(told)).not.toMatch(/Secret|Bearer/)
})

import { createClient as overSse } from 'graphql-sse'
import { createClient as overWebSocket } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type ToldEvent, puller, refusalIn, streamed } from '../support/feeds.js'

/** Somebody who follows what is recorded, by whatever transport. */
export interface Following {
  /** What was told: of which incident, and of what type. */
  readonly told: readonly string[]
  /** Resolves once whatever comes now will be told. */
  readonly begun: Promise<void>
  /** Why it ended: the code that was told. */
  readonly ended: Promise<string>
  stop(): void
}

interface Told {
  begun(): void
  event(event: { readonly incidentId: string | null; readonly type: string } | null): void
  ended(code: string): void
}
type Transport = (url: string, secret: string, told: Told) => () => void

const query = 'subscription { incidentEvents { event { incidentId type } } }'
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
const eventIn = ({ subject, type }: ToldEvent) => ({ incidentId: subject ?? null, type })
const next =
  (told: Told) =>
  (answer: any): void => {
    if (answer.errors) return told.ended(answer.errors[0].extensions.code)
    told.begun()
    told.event(answer.data.incidentEvents.event)
  }

export const transports: Record<string, Transport> = {
  WebSocket(url, secret, told) {
    const client = overWebSocket({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: bearer(secret),
      retryAttempts: 0,
      on: {
        closed(event) {
          const { code, reason } = event as { code: number; reason: string }
          told.ended(code === 4403 ? reason : `${code} ${reason}`)
        },
      },
    })
    // Of the socket's own end it is told above.
    const error = (error: unknown) => Array.isArray(error) && next(told)({ errors: error })
    client.subscribe({ query }, { next: next(told), error, complete: () => {} })
    return () => void client.dispose()
  },
  'graphql-sse'(url, secret, told) {
    const headers = bearer(secret)
    const client = overSse({ url: `${url}/graphql/stream`, headers, retryAttempts: 0 })
    const error = async (error: any) =>
      error.response && told.ended(refusalIn(await error.response.text()).code)
    client.subscribe({ query }, { next: next(told), error, complete: () => {} })
    return () => client.dispose()
  },
  'GET /events/stream'(url, secret, told) {
    const streaming = streamed({ url, secrets: {} }, '/events/stream', secret)
    void streaming.then(async ({ answer, messages }) => {
      if (!answer.ok) return told.ended(refusalIn(await answer.text()).code)
      for await (const { event, data } of messages) {
        told.begun()
        if (event === 'error') told.ended(refusalIn(data!).code)
        else if (data !== undefined) told.event(eventIn(JSON.parse(data)))
      }
    })
    return () => void streaming.then(({ stop }) => stop())
  },
  'GET /events that waits'(url, secret, told) {
    let isOver = false
    void (async () => {
      for (let path = '/events?after=now'; !isOver;) {
        const { status, text, events, next } = await puller({ url, secrets: {} })(path, secret)
        if (status !== 200) return told.ended(refusalIn(text).code)
        for (const event of events) told.event(eventIn(event))
        told.begun()
        path = `${next}${next.includes('wait=') ? '' : '&wait=30'}`
      }
    })()
    return () => void (isOver = true)
  },
}

/** With a credential. */
export function following(transport: string, url: string, secret: string): Following {
  const all: string[] = []
  let begun!: () => void
  let ended!: (code: string) => void
  const isBegun = new Promise<void>(resolve => (begun = resolve))
  const hasEnded = new Promise<string>(resolve => (ended = resolve))
  const event: Told['event'] = event =>
    void (event && all.push(`${event.incidentId} ${event.type.split('.').at(-2)}`))
  const stop = transports[transport]!(url, secret, { begun, ended, event })
  return { told: all, begun: isBegun, ended: hasEnded, stop }
}

import type { App } from './app.js'

/** A CloudEvent as a feed tells it. */
export interface ToldEvent {
  readonly id: string
  readonly type: string
  readonly subject?: string
  readonly cursor: string
  readonly mode: string
  readonly data: Record<string, unknown>
}

export interface Pulled {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly events: readonly ToldEvent[]
  /** Path and query of the next one. */
  readonly next: string
}

/** Pulls as somebody, from a path below the address of the ledger. */
export const puller =
  ({ url, secrets }: Pick<App, 'url' | 'secrets'>) =>
  async (path: string, who = 'partner', headers: Record<string, string> = {}): Promise<Pulled> => {
    const authorization = `Bearer ${secrets[who] ?? who}`
    const answer = await fetch(url + path, { headers: { authorization, ...headers } })
    const text = await answer.text()
    const link = /^<([^>]+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1]
    const { pathname, search } = new URL(link ?? url)
    const events = answer.status === 200 ? (JSON.parse(text) as ToldEvent[]) : []
    return {
      ...answer,
      status: answer.status,
      headers: answer.headers,
      text,
      events,
      next: pathname + search,
    }
  }

/** The code of a refusal, and what it says more. */
export const refusalIn = (text: string): { code: string; details: any } =>
  JSON.parse(text).errors[0].extensions

/** One message of server-sent events: its fields, and comments under ''. */
export type Message = Readonly<Record<string, string>>

/** Server-sent events as they come; ends when the server ends them, or after `stop`. */
export async function streamed(
  { url, secrets }: Pick<App, 'url' | 'secrets'>,
  path: string,
  who = 'partner',
  headers: Record<string, string> = {},
  body?: object,
) {
  const over = new AbortController()
  const answer = await fetch(url + path, {
    headers: {
      authorization: `Bearer ${secrets[who] ?? who}`,
      accept: 'text/event-stream',
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    signal: over.signal,
  })
  return { answer, messages: messagesOf(answer, over.signal), stop: () => over.abort() }
}

async function* messagesOf(answer: Response, signal: AbortSignal): AsyncGenerator<Message> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of answer.body!) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n')
      text = blocks.pop()!
      for (const block of blocks)
        yield Object.fromEntries(
          block.split('\n').map(line => {
            const at = line.indexOf(':')
            return [line.slice(0, at), line.slice(at + 1).trimStart()]
          }),
        )
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

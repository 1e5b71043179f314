import { GraphQLSchemaHost } from '@nestjs/graphql'
import { verdict } from '../../src/api/verdict.js'
import { type Principal, Principals } from '../../src/auth/principal.js'
import { Subscriptions } from '../../src/live/subscriptions.js'
import type { Failed } from '../../src/live/outlet.js'
import type { App } from './app.js'

/** Whoever has this credential, as a request of theirs would be known. */
export const principalOf = (app: App, who: string) =>
  app.app.get(Principals).of({
    headers: { authorization: `Bearer ${app.secrets[who] ?? who}` },
  }) as Principal

/** A subscription without a transport: what it was told, what it ended with, and how to stop or to block it. */
export function followed(
  app: App,
  who: string,
  query: string,
  variables: Record<string, unknown> = {},
  /** So many answers are taken before it blocks. */
  takes = Infinity,
) {
  const principal = principalOf(app, who)
  const { schema } = app.app.get(GraphQLSchemaHost)
  const judged = verdict(schema, query, undefined, variables, principal)
  if ('refused' in judged) throw judged.refused[0]
  const told: any[] = []
  const cursors: string[] = []
  const stopping = new AbortController()
  let release: (() => void)[] = []
  let end!: (failed: Failed | undefined) => void
  const ended = new Promise<Failed | undefined>(resolve => (end = resolve))
  const outlet = {
    end,
    pendingBytes: 0,
    send(json: string, cursor?: string) {
      told.push(JSON.parse(json))
      if (told.length >= takes) outlet.pendingBytes = 2 ** 30
      if (cursor !== undefined) cursors.push(cursor)
    },
    drained: () => new Promise<void>(resolve => release.push(resolve)),
  }
  void app.app
    .get(Subscriptions)
    .begin(
      judged,
      { variables },
      { principal, requestId: 'request', correlationId: '0'.repeat(32) },
      outlet,
      stopping.signal,
      end,
    )
  return {
    told,
    cursors,
    ended,
    block: () => void (outlet.pendingBytes = 2 ** 30),
    /** Reads a little of what waits. */
    sip: () => void (outlet.pendingBytes -= 1024),
    unblock() {
      outlet.pendingBytes = 0
      for (const one of release) one()
      release = []
    },
    stop: () => (stopping.abort(), ended),
    /** What the one field was answered with, each time. */
    get answers(): any[] {
      return told.flatMap(({ data }) => Object.values(data ?? {}))
    },
    get ids(): string[] {
      return this.answers.flatMap(({ event }) => (event ? [event.id] : []))
    },
  }
}

import type { GraphQLFormattedError } from 'graphql'

/** What an operation ends with, if it is not answered, or not to its end. */
export type Failed = readonly GraphQLFormattedError[]

/** Where answers go: one operation of a socket, or one response of server-sent events. */
export interface Outlet {
  /** Takes one answer for sending, as JSON; others may be sent the same. */
  send(json: string, cursor?: string): void
  /** Bytes taken that the network has not yet taken. */
  readonly pendingBytes: number
  /** Resolves when `pendingBytes` has gone down to nothing much, or the outlet is closed. */
  drained(): Promise<void>
  /** Called once, when nothing more comes: with the errors to tell instead, if there are any. */
  end(failed: Failed | undefined): void
}

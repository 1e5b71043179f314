/** Where answers go: one operation of a socket, one response of server-sent events. */
export interface Outlet {
  /**
   * Takes one answer for sending: an ExecutionResult of GraphQL, or a CloudEvent. Others are sent the
   * same text, so it is never changed.
   */
  send(json: string, cursor?: string): void
  /** Bytes taken that the network has not yet taken. */
  readonly pendingBytes: number
  /** Resolves when `pendingBytes` has gone down to nothing much, or the outlet is closed. */
  drained(): Promise<void>
}

export const names: readonly string[]

export interface Subscriber {
  readonly name: string
  /** Of the events that it was told, in the order in which it was. */
  readonly ids: readonly string[]
  readonly refusals: readonly string[]
  hasBegun(): boolean
  end(): Promise<void>
}

export function subscriber(
  name: string,
  server: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
): Subscriber

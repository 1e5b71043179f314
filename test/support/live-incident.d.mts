/** What a command recorded, as `documentOf` asks for it. */
export interface Receipt {
  revision: number
  position: string | null
  viewsCaughtUp: boolean
  events: {
    id: string
    type: string
    revision: number
    occurredAt: string
    actor: { type: string; id: string; via: string | null }
    data: any
  }[]
  incident: { id: string; reference: string; revision: number }
}
export type Act = (
  who: string,
  mutation: string,
  id: string | undefined,
  input?: object,
  options?: object,
) => Promise<Receipt>

export function documentOf(mutation: string, given: { id?: unknown; input?: unknown }): string
export function liveIncident(how: {
  act: Act
  push: (minutes: number) => void
  person: (handle: string) => Promise<string>
  ask: (query: string, variables: object) => Promise<any>
}): {
  told: {
    id: string
    tasks: Record<'errors' | 'customers' | 'cache', string>
    connected: Record<'network' | 'checkout' | 'again' | 'report', string>
    entries: Record<'graph' | 'wrong' | 'since', string>
  }
} & Record<
  | 'begins'
  | 'givesTasks'
  | 'lateTask'
  | 'worksOnTasks'
  | 'notes'
  | 'offers'
  | 'handsOver'
  | 'ends'
  | 'isRestricted'
  | 'connects',
  () => Promise<void>
>

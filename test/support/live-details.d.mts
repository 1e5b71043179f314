import type { Act } from './live-incident.mjs'

export function organisingDocumentOf(mutation: string): string
export function liveDetails(how: {
  act: Act
  organise: (mutation: string, input: object) => Promise<any>
}): { told: { id: string; entries: Record<'sum' | 'attachment', string> } } & Record<
  'settles' | 'begins' | 'marks' | 'fillsIn',
  () => Promise<void>
>

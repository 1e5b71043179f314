import type { Act } from './live-incident.mjs'

export function liveMobilising(how: {
  act: Act
  organise: (mutation: string, input: object) => Promise<any>
  push: (minutes: number) => void
}): {
  told: { id: string }
} & Record<'settles' | 'joins' | 'calls' | 'escalates' | 'letsGo', () => Promise<void>>

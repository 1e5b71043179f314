import type { Act } from './live-incident.mjs'

export function liveMobilising(how: { act: Act; push: (minutes: number) => void }): {
  told: { id: string }
} & Record<'joins', () => Promise<void>>

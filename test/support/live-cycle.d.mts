import type { Act } from './live-incident.mjs'

export function liveCycle(how: { act: Act; push: (minutes: number) => void }): {
  told: { id: string; proposal: string; withdrawn: string; decision: string }
} & Record<'begins' | 'sizesUp' | 'decides' | 'verifies', () => Promise<void>>

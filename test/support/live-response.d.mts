import type { Act } from './live-incident.mjs'

export function liveResponse(how: { act: Act; push: (minutes: number) => void }): {
  told: { id: string; feedback: string }
} & Record<'begins' | 'isAsked' | 'ends', () => Promise<void>>

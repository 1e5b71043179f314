import type { Act } from './live-incident.mjs'

export function liveCommand(how: { act: Act; push: (minutes: number) => void }): {
  told: { id: string; subteamId: string; parked: string }
} & Record<'begins' | 'removes' | 'relieves', () => Promise<void>>

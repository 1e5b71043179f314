import type { Act } from './live-incident.mjs'

export function liveTasks(how: { act: Act; push: (minutes: number) => void }): {
  told: { id: string; taskId: string }
} & Record<'needsMoreTime' | 'getsMoreTime', () => Promise<void>>

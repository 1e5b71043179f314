import type { Act } from './live-incident.mjs'

export function liveRules(how: {
  act: Act
  organise: (mutation: string, input: object) => Promise<any>
  push: (minutes: number) => void
}): { told: { id: string } } & Record<'severities' | 'plans' | 'security', () => Promise<void>>

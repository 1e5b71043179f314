import type { Act } from './live-incident.mjs'

type Chapter =
  | 'needsMoreTime'
  | 'getsMoreTime'
  | 'followsRunbook'
  | 'goesOn'
  | 'ends'
  | 'learns'
  | 'tellsHistory'

export function liveTasks(how: {
  act: Act
  organise: (mutation: string, input: object) => Promise<any>
  push: (minutes: number) => void
}): {
  told: {
    id: string
    taskId: string
    checklistId: string
    planId: string
    followUps: string[]
    pastId: string
  }
} & Record<Chapter, () => Promise<void>>

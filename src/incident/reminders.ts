import { nextUpdateDue } from './cycle.js'
import type { Incident } from './incident.js'
import type { Work } from './open-work.js'
import { pendingDecisions } from './proposal.js'
import { givenTasksOf } from './task.js'

/** More than a deputy can remind anybody of; every one of up to 200 deputies has them. */
const remindersMax = 50

/** The deputy keeps others in time: what is late, and the update that was promised (domain row 27). */
export function reminders(incident: Incident): Omit<Work, 'kind'>[] {
  const deputies = incident.roles.held.filter(({ role }) => role === 'DEPUTY')
  if (deputies.length === 0) return []
  const due = [...lateTasks(incident), ...lateDecisions(incident), ...promisedUpdate(incident)]
  const first = due
    .toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : one.dueAt > other.dueAt ? 1 : 0))
    .slice(0, remindersMax)
  return deputies.flatMap(({ person }) => first.map(reminder => ({ ...reminder, person })))
}

type Reminder = Required<Omit<Work, 'kind' | 'person'>>

const lateTasks = (incident: Incident): Reminder[] =>
  givenTasksOf(incident)
    .filter(
      ({ endedAt, dueAt, timeboxExpiredAt }) => endedAt === undefined && timeboxExpiredAt === dueAt,
    )
    .map(({ id, title, dueAt }) => ({
      subject: id,
      since: dueAt,
      dueAt,
      title: `Remind of “${title}”: its time is up`,
    }))

const lateDecisions = (incident: Incident): Reminder[] =>
  pendingDecisions(incident).flatMap(({ id, text, overdueAt }) =>
    overdueAt === undefined
      ? []
      : [
          {
            subject: id,
            since: overdueAt,
            dueAt: overdueAt,
            title: `Remind of the decision on “${text}”: it is overdue`,
          },
        ],
  )

function promisedUpdate(incident: Incident): Reminder[] {
  const dueAt = nextUpdateDue(incident)
  const since = incident.cycle.sizeUps.at(-1)?.at
  if (dueAt === undefined || since === undefined) return []
  return [{ subject: 'update', since, dueAt, title: 'Remind of the next update that was promised' }]
}

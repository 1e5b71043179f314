import { latest } from '../decider/instants.js'
import type { Incident } from './incident.js'
import type { Work } from './open-work.js'
import type { Request } from './requests.js'

/** Somebody who was called, whichever way. */
export interface Call {
  readonly key: string
  readonly person: string
  readonly at: string
}

/** When a service's people were last called, whichever way; undefined: never. */
export const lastCalledFor = (incident: Incident, service: string): string | undefined =>
  latest(...callsFor(incident, service))

/** When a service's people were called, whichever way. */
export const callsFor = (
  { invitations, requests, escalations, roles }: Incident,
  service: string,
): string[] => [
  ...[...invitations, ...requests.values(), ...escalations.values()]
    .filter(call => call.service === service)
    .map(({ at }) => at),
  ...roles.held.filter(held => held.service === service).map(({ since }) => since),
]

/** Everybody who was called, has not declined, and has not come and gone since. */
export function callsTo(incident: Incident): Call[] {
  const { invitations, pages, requests, escalations, presence } = incident
  const calls = [
    ...invitations.map(({ service, person, at }) => ({ key: `invited ${service}`, person, at })),
    ...[...pages].map(([id, { person, at }]) => ({ key: `page ${id}`, person, at })),
    ...[...requests].flatMap(([id, { asked = [], replies, at }]) =>
      asked
        .filter(person => replies.get(person)?.answer !== 'DECLINE')
        .map(person => ({ key: `request ${id}`, person, at })),
    ),
    ...[...escalations].flatMap(([id, { to, at }]) =>
      to.map(person => ({ key: `escalation ${id}`, person, at })),
    ),
  ]
  return calls.filter(({ person, at }) => {
    const seen = presence.get(person)
    return !seen || seen.on || seen.at < at
  })
}

/** Whether a request waits; it ends once somebody comes, or all who were asked do not. */
export function statusOfRequest({ asked, replies }: Request): 'OPEN' | 'ACCEPTED' | 'DECLINED' {
  if ([...replies.values()].some(({ answer }) => answer !== 'DECLINE')) return 'ACCEPTED'
  const allDeclined = asked !== undefined && asked.every(person => replies.has(person))
  return allDeclined ? 'DECLINED' : 'OPEN'
}

/** A call that waits for one person's answer. */
type Waiting = Omit<Work, 'kind'>

export const waitingPages = ({ pages }: Incident): Waiting[] =>
  [...pages]
    .filter(([, { acknowledged }]) => !acknowledged)
    .map(([subject, { person, at }]) => ({
      subject,
      person,
      since: at,
      title: 'Say that you know',
    }))

/** Of those who were asked by name; what is anybody's to answer waits for nobody. */
export const waitingRequests = ({ requests }: Incident): Waiting[] =>
  [...requests]
    .filter(([, request]) => statusOfRequest(request) === 'OPEN')
    .flatMap(([subject, { asked = [], replies, at }]) =>
      asked
        .filter(person => !replies.has(person))
        .map(person => ({ subject, person, since: at, title: 'Say whether you come' })),
    )

export const waitingEscalations = ({ escalations }: Incident): Waiting[] =>
  [...escalations]
    .filter(([, { acknowledged }]) => !acknowledged)
    .flatMap(([subject, { to, at, nextAt, service }]) =>
      to.map(person => ({
        subject,
        person,
        since: at,
        ...(nextAt !== undefined && { dueAt: nextAt }),
        title: `Answer the escalation${service === undefined ? '' : ` for ${service}`}`,
      })),
    )

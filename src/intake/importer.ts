import type { Asked } from '../commands/asked.js'
import { type Attempt, newCorrelationId } from '../commands/attempt.js'
import type { DecidedEvent } from '../commands/folded.js'
import { type IncidentStreams, incidentStream } from '../commands/handle-incident.js'
import { newIncidentId } from '../commands/incident-id.js'
import type { Directory } from '../commands/directory.js'
import type { OrganisationStreams } from '../commands/handle-organisation.js'
import type { References } from '../commands/references.js'
import { type Actor, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { digestOf } from '../event-store/stored-event.js'
import { attachmentsMax } from '../incident/attachments.js'
import type { Incident, IncidentCommand } from '../incident/incident.js'
import { commandInstead, stepsBeside } from './fact-command.js'
import { digestCharacters, namesOf } from './fact-names.js'
import { type Placed, declaredAt, declaringFact, instant, placed } from './fact-times.js'
import { isDue, wordsOf } from './fact-words.js'
import { importedPeople } from './imported-people.js'
import { type Fact, type IncidentFile, incidentFile } from './incident-file.js'

const actor: Actor = { type: 'SYSTEM', id: 'import' }

export interface Imported {
  readonly incidentId: string
  readonly reference: string
  readonly title: string
  /** Events written now; 0 if all of the file was there already. */
  readonly recorded: number
  readonly facts: number
}

type Taking = Attempt<Incident, IncidentCommand>

/** Puts real incidents on record: all of a file in one append, and nothing of it twice. */
export class Importer {
  constructor(
    private readonly streams: IncidentStreams,
    private readonly references: References,
    private readonly organisation: OrganisationStreams,
    private readonly directory: Directory,
    private readonly clock: () => string,
  ) {}

  /** `json` is the file as it was parsed; throws `Rejected('INVALID_INPUT')` with each place that is wrong. */
  async import(json: object): Promise<Imported> {
    const file = incidentFile(json, this.clock())
    const names = namesOf(file.slug, (json as { facts: readonly object[] }).facts)
    // Of a restricted incident those whom it names are no members, and yet they did what it tells.
    const common: Asked = { actor, isAdmin: true, correlationId: newCorrelationId() }
    const incidentId = newIncidentId(actor, `import:${file.slug}`)
    const stream = incidentStream(incidentId)
    const named = await this.#newlyNamed(stream, file, names)
    const people = await importedPeople(named, common, this.organisation, this.directory)
    const taken = await this.streams.attempt(
      stream,
      async revision =>
        revision === -1 ? { reference: await this.references.allot(incidentId, common) } : {},
      attempt => recordAll(attempt, file, names, people, common, this.clock()),
    )
    return {
      incidentId,
      reference: taken.state.declaration.reference,
      title: taken.state.declaration.title,
      recorded: taken.events.length,
      facts: file.facts.length,
    }
  }

  /** Whom those facts name that are not on record yet: nobody is registered for what is. */
  async #newlyNamed(
    stream: string,
    { facts }: IncidentFile,
    names: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const { result } = await this.streams.attempt(
      stream,
      async () => ({}),
      attempt => facts.filter((_, i) => !attempt.holds(names[i]!)).map(({ actor }) => actor),
    )
    return new Set(result.filter(name => name !== undefined))
  }
}

function recordAll(
  attempt: Taking,
  file: IncidentFile,
  names: readonly string[],
  people: ReadonlyMap<string, string>,
  common: Asked,
  now: string,
): void {
  const places = placed(file.facts, now)
  const declaration = declare(attempt, file, common, declaredAt(file.facts, places))
  const declaring = declaringFact(file.facts)
  for (const [i, fact] of file.facts.entries()) {
    const person = people.get(fact.actor ?? '')
    const by: Actor = person === undefined ? actor : { type: 'USER', id: person }
    const asked = { ...common, actor: by, ...places[i]!, commandId: names[i]! }
    if (attempt.holds(asked.commandId) || instead(attempt, fact, person, asked)) continue
    const cause = declaration && i === declaring ? { causationId: declaration.id } : {}
    const observed = observe(attempt, fact, { ...asked, ...cause })
    if (observed) beside(attempt, fact, person, asked, observed)
  }
  account(attempt, file, common, places.at(-1)!)
}

/** Undefined if the incident was imported before. */
function declare(
  attempt: Taking,
  { slug, title, type }: IncidentFile,
  common: Asked,
  at: Placed,
): DecidedEvent | undefined {
  const data = { title, type, mode: 'RETROSPECTIVE' as const }
  const asked = { ...common, ...at, commandId: `import:${slug}` }
  return once(attempt, { type: 'DeclareIncident', data }, asked)
}

/** Whether a command says all of it, with what shows it, and is not refused. */
function instead(attempt: Taking, fact: Fact, person: string | undefined, asked: Asked): boolean {
  const { attachments, declaration } = attempt.state
  if (fact.evidence !== undefined && attachments.count >= attachmentsMax) return false
  const command = commandInstead(attempt.state, fact, person, asked.occurredAt!)
  const taken = command && unlessRefused(() => once(attempt, command, { ...asked, ...ended(fact) }))
  if (!taken) return false
  if (fact.evidence === undefined) return true
  const data = { eventId: taken.id, url: fact.evidence, caption: 'Source' }
  const commandId = `${asked.commandId}:evidence`
  // What led to an incident is told before its declaration, and nothing is attached before that.
  const occurredAt = latest(asked.occurredAt, declaration.declaredAt)!
  once(attempt, { type: 'AttachEvidence', data }, { ...asked, occurredAt, commandId })
  return true
}

/** Any other fact, whatever it is, in its own words and with what shows it. */
function observe(attempt: Taking, fact: Fact, asked: Asked): DecidedEvent | undefined {
  const evidence = fact.evidence ? { evidence: [{ url: fact.evidence }] } : {}
  const data = { text: wordsOf(fact), ...evidence }
  return once(attempt, { type: 'RecordObservation', data }, { ...asked, ...ended(fact) })
}

const ended = (fact: Fact) =>
  fact.until && !isDue(fact) ? { occurredUntil: instant(fact.until) } : {}

/** What the fact did to the incident, where we have a command for it and it is not refused. */
function beside(
  attempt: Taking,
  fact: Fact,
  person: string | undefined,
  asked: Asked,
  { id: causationId }: DecidedEvent,
): void {
  let count = 0
  for (const steps of stepsBeside(fact, person))
    for (const { command, by } of steps(attempt.state)) {
      const commandId = `${asked.commandId}:command${++count === 1 ? '' : `:${count}`}`
      const actor = by === undefined ? asked.actor : ({ type: 'USER', id: by } as const)
      unlessRefused(() => once(attempt, command, { ...asked, actor, commandId, causationId }))
    }
}

/** Undefined if it is refused; a file that tells of the future is none. */
function unlessRefused<Result>(take: () => Result): Result | undefined {
  try {
    return take()
  } catch (error) {
    if (!(error instanceof Rejected) || error.code === 'OCCURRED_IN_FUTURE') throw error
    return undefined
  }
}

/** Where the account comes from and what it says of itself, so that nothing of the file is lost. */
function account(attempt: Taking, file: IncidentFile, common: Asked, at: Placed): void {
  const { slug, organisation, timezone, sources, notes = [] } = file
  const asked = { ...common, occurredAt: at.occurredAt, timing: 'UNKNOWN' as const }
  const zone = timezone ? `; its times were given in ${timezone}` : ''
  const text = `Account of an incident at ${organisation}, from public sources${zone}.`
  const evidence = sources.map(url => ({ url }))
  const said = [
    { text, evidence },
    ...notes.map(note => ({ text: `Note on the account: ${note}` })),
  ]
  for (const data of said)
    once(
      attempt,
      { type: 'RecordObservation', data },
      {
        ...asked,
        commandId: `import:${slug}:account:${digestOf(data).slice(0, digestCharacters)}`,
      },
    )
}

/** Skipped, whatever it is now mapped to, if the stream holds a command of that name. */
function once(attempt: Taking, command: IncidentCommand, asked: Asked): DecidedEvent | undefined {
  if (attempt.holds(asked.commandId!)) return undefined
  const taken = attempt.take(command, asked)
  return 'from' in taken ? undefined : taken[0]
}

import type { Asked } from '../commands/asked.js'
import { type Attempt, newCorrelationId } from '../commands/attempt.js'
import type { DecidedEvent } from '../commands/folded.js'
import { type IncidentStreams, incidentStream } from '../commands/handle-incident.js'
import { newIncidentId } from '../commands/incident-id.js'
import type { References } from '../commands/references.js'
import { type Actor, Rejected } from '../decider/facet.js'
import { digestOf } from '../event-store/stored-event.js'
import type { Incident, IncidentCommand } from '../incident/incident.js'
import { commandsBeside } from './fact-command.js'
import { type Placed, declaredAt, declaringFact, instant, placed } from './fact-times.js'
import { isDue, wordsOf } from './fact-words.js'
import { type Fact, type IncidentFile, incidentFile } from './incident-file.js'

const actor: Actor = { type: 'SYSTEM', id: 'import' }
const digestCharacters = 32

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
    private readonly clock: () => string,
  ) {}

  /** `json` is the file as it was parsed; throws `Rejected('INVALID_INPUT')` with each place that is wrong. */
  async import(json: object): Promise<Imported> {
    const file = incidentFile(json, this.clock())
    const names = namesOf(file.slug, (json as { facts: readonly object[] }).facts)
    const common: Asked = { actor, correlationId: newCorrelationId() }
    const incidentId = newIncidentId(actor, `import:${file.slug}`)
    const taken = await this.streams.attempt(
      incidentStream(incidentId),
      async revision =>
        revision === -1 ? { reference: await this.references.allot(incidentId, common) } : {},
      attempt => recordAll(attempt, file, names, common, this.clock()),
    )
    return {
      incidentId,
      reference: taken.state.declaration.reference,
      title: taken.state.declaration.title,
      recorded: taken.events.length,
      facts: file.facts.length,
    }
  }
}

function recordAll(
  attempt: Taking,
  file: IncidentFile,
  names: readonly string[],
  common: Asked,
  now: string,
): void {
  const places = placed(file.facts, now)
  const declaration = declare(attempt, file, common, declaredAt(file.facts, places))
  const declaring = declaringFact(file.facts)
  for (const [i, fact] of file.facts.entries()) {
    const asked = { ...common, ...places[i]!, commandId: names[i]! }
    const cause = declaration && i === declaring ? { causationId: declaration.id } : {}
    const observed = observe(attempt, fact, { ...asked, ...cause })
    if (observed) beside(attempt, fact, asked, observed)
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

/** Every fact, whatever it is, in its own words and with what shows it. */
function observe(attempt: Taking, fact: Fact, asked: Asked): DecidedEvent | undefined {
  const evidence = fact.evidence ? { evidence: [{ url: fact.evidence }] } : {}
  const until = fact.until && !isDue(fact) ? { occurredUntil: instant(fact.until) } : {}
  const data = { text: wordsOf(fact), ...evidence }
  return once(attempt, { type: 'RecordObservation', data }, { ...asked, ...until })
}

/** What the fact did to the incident, where we have a command for it and it is not refused. */
function beside(attempt: Taking, fact: Fact, asked: Asked, { id }: DecidedEvent): void {
  for (const [i, command] of commandsBeside(fact).entries())
    try {
      const commandId = `${asked.commandId}:command${i === 0 ? '' : `:${i + 1}`}`
      once(attempt, command, { ...asked, commandId, causationId: id })
    } catch (error) {
      if (!(error instanceof Rejected) || error.code === 'OCCURRED_IN_FUTURE') throw error
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

/** A name for each fact, from what it says; equal ones are counted. */
function namesOf(slug: string, facts: readonly object[]): string[] {
  const seen = new Map<string, number>()
  return facts.map(fact => {
    const name = `import:${slug}:${digestOf(fact).slice(0, digestCharacters)}`
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}:${count}`
  })
}

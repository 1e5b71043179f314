import { v4, v7 } from 'uuid'
import { type Decided, schemaVersion } from '../decider/decider.js'
import { type Asking, type Made, NotAuthorised, Rejected } from '../decider/facet.js'
import {
  type Envelope,
  type SealedEvent,
  digestOf,
  eventBytesMax,
  seal,
} from '../event-store/stored-event.js'
import type { Asked } from './asked.js'
import { type DecidedEvent, type Done, type Folded, rememberedAs } from './folded.js'
import type { Message, Subject, Surroundings } from './subject.js'

/** A command was asked for before: it is answered again. */
export class DoneBefore {
  constructor(
    readonly from: number,
    readonly to: number,
  ) {}
}

/**
 * Decides commands one after another on one stream and collects what is to be appended. What is taken
 * is folded at once, so that the next command sees it; what is refused leaves no trace.
 */
export class Attempt<State, Command extends Message> {
  readonly events: DecidedEvent[] = []
  readonly sealed: SealedEvent[] = []
  readonly expectedRevision: number

  constructor(
    private readonly folded: Folded<State>,
    private readonly subject: Subject<State, Command>,
    private readonly surroundings: Surroundings,
    private readonly made: Made,
  ) {
    this.expectedRevision = folded.revision
  }

  /** Whether the stream holds a command of that name, whatever it was. */
  holds(commandId: string): boolean {
    return this.folded.commands.has(commandId)
  }

  /** The state with all that was taken. */
  get state(): State {
    return this.folded.state
  }

  /** The events recorded; none if it already is so. Throws `Rejected`. */
  take(command: Command, asked: Asked): readonly DecidedEvent[] | DoneBefore {
    const { folded } = this
    this.subject.admit(folded.state, command, asked)
    const named = nameOf(command, asked)
    const before = named && folded.commands.get(rememberedAs(named.commandId, asked.actor))
    if (before) return doneBefore(before, named.commandDigest)
    if (asked.expectedRevision !== undefined && asked.expectedRevision !== folded.revision)
      throw new VersionConflict(asked.expectedRevision)
    if (folded.newer)
      throw new Rejected('NEWER_VERSION', 'A newer version of the ledger wrote here.')
    const clock = this.surroundings.clock()
    const { events, occurredAt, overrideReason } = this.#decide(command, asked, clock)
    if (events.length === 0) return []
    if (folded.revision + events.length >= this.subject.eventsMax(command.type))
      throw new Rejected('LIMIT_REACHED', 'This stream holds all the events it can.')
    return this.#record(events, asked, {
      named,
      overrideReason,
      occurredAt,
      recordedAt: clock > folded.recordedAt ? clock : folded.recordedAt,
      mode: this.subject.modeOf(folded.state, events),
    })
  }

  /** An override counts, and is put on record, only where there was somebody to override. */
  #decide(
    command: Command,
    { actor, occurredAt, overrideReason }: Asked,
    clock: string,
  ): Decided<Message> & { overrideReason?: string } {
    const { folded, subject } = this
    const asking: Asking = {
      actor,
      clock,
      claimed: occurredAt,
      revision: folded.revision,
      overrides: false,
      newId: v7,
      person: this.surroundings.person,
      called: this.surroundings.called,
      key: this.surroundings.key,
      event: id => folded.events.get(id),
      policy: this.surroundings.policy(),
      made: this.made,
    }
    try {
      return subject.decide(folded.state, command, asking)
    } catch (error) {
      if (!(error instanceof NotAuthorised) || overrideReason === undefined) throw error
      return {
        ...subject.decide(folded.state, command, { ...asking, overrides: true }),
        overrideReason,
      }
    }
  }

  /** Each with all its members, in their canonical order: put together bit by bit they would be slow to read. */
  #record(decided: readonly Message[], asked: Asked, shared: Shared): readonly DecidedEvent[] {
    const policyRevision = this.surroundings.policyRevision()
    const { stream, revision, hash } = this.folded
    const sealed: SealedEvent[] = []
    const events = decided.map(({ type, data }, i) => {
      const envelope = {
        actor: asked.actor,
        causationId: asked.causationId,
        commandDigest: shared.named?.commandDigest,
        commandId: shared.named?.commandId,
        correlationId: asked.correlationId,
        data,
        mode: shared.mode,
        occurredAt: shared.occurredAt,
        occurredUntil: asked.occurredUntil,
        overrideReason: shared.overrideReason,
        policyRevision,
        recordedAt: shared.recordedAt,
        revision: revision + 1 + i,
        schemaVersion,
        stream,
        timing: asked.timing,
        type,
      } satisfies Loose<Envelope> as Envelope
      const bytes = seal(sealed.at(-1)?.hash ?? hash, envelope)
      if (bytes.bytes.length > eventBytesMax)
        throw new Rejected('LIMIT_REACHED', 'This is too much for one event.')
      sealed.push(bytes)
      return Object.assign(envelope, { id: bytes.id, hash: bytes.hash })
    })
    for (const event of events) this.folded.apply(event)
    this.events.push(...events)
    this.sealed.push(...sealed)
    return events
  }
}

/** What happened since is read from the log, so it is told outside. */
export class VersionConflict extends Error {
  constructor(readonly expected: number) {
    super()
  }
}

/** With its optional members there and undefined: JSON leaves them out. */
type Loose<Whole> = { [M in keyof Whole]-?: Whole[M] | undefined }

/** What the events of one command have in common besides what was asked. */
type Shared = Pick<Envelope, 'occurredAt' | 'recordedAt' | 'mode'> & {
  readonly named: ReturnType<typeof nameOf>
  readonly overrideReason: string | undefined
}

function doneBefore({ digest, from, to }: Done, asked: string): DoneBefore {
  if (digest === asked) return new DoneBefore(from, to)
  throw new Rejected('COMMAND_ID_REUSED', 'This commandId was used for another command.')
}

/** Only a command that its sender named can come again, so only it is digested. */
function nameOf({ type, data }: Message, { actor, commandId }: Asked) {
  if (commandId === undefined) return undefined
  const digest = digestOf({ actor: { id: actor.id, type: actor.type }, data, type })
  return { commandId, commandDigest: digest }
}

/** For requests that bring no trace of their own. */
export const newCorrelationId = () => v4({}, Buffer.allocUnsafe(16)).toString('hex')

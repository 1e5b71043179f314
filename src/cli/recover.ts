import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Clock } from '../clock.js'
import { recordRecovery } from '../commands/recovery.js'
import type { Config } from '../config.js'
import { Rejected } from '../decider/facet.js'
import { FolderLock } from '../event-store/folder-lock.js'
import { installLog } from '../event-store/sqlite/install-log.js'
import { type Salvaged, salvageLog } from '../event-store/sqlite/salvage-log.js'
import { SalvagedLog } from '../event-store/sqlite/salvaged-log.js'
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store.js'
import { verify } from '../event-store/sqlite/verify.js'
import type { SealedEvent } from '../event-store/stored-event.js'
import type { SeenHead } from '../event-store/verify-store.js'
import { seenLog } from '../views/seen-log.js'
import { assertEmbedded } from './backup.js'
import { Complaint } from './complaint.js'
import { endedBySignals, hearSignals } from './ended-by-signals.js'
import { progress } from './progress.js'
import { assertSound, badness, damaged, soundnessOf } from './verify.js'

/**
 * Shows what of a damaged log can be kept and what is lost; with `acceptLoss` it goes on without what
 * is lost, and records that. The damaged files are set aside, never deleted.
 */
export async function recover(
  { data, store }: Config,
  { acceptLoss = false }: { readonly acceptLoss?: boolean },
): Promise<void> {
  assertEmbedded(store, 'Restore the EventStoreDB by its own procedure.')
  if (!existsSync(join(data, 'log.sqlite')))
    throw new Complaint(
      `${data} holds no log (log.sqlite), so there is nothing to recover: restore a backup, bring back what was set aside, or begin anew in another folder.`,
    )
  const lock = FolderLock.acquire(data)
  try {
    const bad = verify(data).firstBad
    if (!bad) return console.log('Nothing is damaged: every chain and the head hold.')
    const what = badness(bad)
    if (acceptLoss) await goOn(data, what)
    else show(what, data)
  } finally {
    lock.release()
  }
}

function show(what: string, data: string): never {
  const names = new Names()
  const found = salvaged(data, event => names.note(event))
  throw new Complaint(
    [
      what,
      ...told(found, names),
      'Nothing was changed. A backup loses what came after it, “recover --accept-loss” what is listed here: choose.',
    ].join('\n'),
    damaged,
  )
}

async function goOn(data: string, what: string): Promise<void> {
  const partial = mkdtempSync(join(data, 'recover.partial-'))
  const end = endedBySignals(() => rmSync(partial, { recursive: true, force: true }))
  try {
    const names = new Names()
    const log = new SalvagedLog(partial)
    const found = salvaged(data, event => {
      names.note(event)
      log.add(event)
    })
    log.close()
    await record(partial, what, found, names.lastNumber(found))
    assertSound(partial, 'Nothing was changed. ')
    await hearSignals()
    const aside = installLog(data, partial, new Date().toISOString())
    console.log([what, ...told(found, names), `The damaged log is in ${aside}.`].join('\n'))
    console.log(`Recovered, and recorded. ${soundnessOf(assertSound(data, 'After recovering: '))}`)
  } finally {
    rmSync(partial, { recursive: true, force: true })
    end()
  }
}

function salvaged(data: string, keep: (event: SealedEvent) => void): Salvaged {
  const bar = progress('events')
  try {
    const found = salvageLog(data, seenIn(data), keep, bar.at)
    if (found.kept > 0) return found
  } finally {
    bar.stop()
  }
  throw new Complaint(
    'Nothing of the log can be read. Restore a backup; to begin anew, name another folder.',
    damaged,
  )
}

/** The views are no proof, but they name the streams of what left no trace. */
function seenIn(data: string): readonly SeenHead[] {
  try {
    return seenLog(data)?.heads ?? []
  } catch {
    // They may be damaged with the log: then nothing is known from them.
    return []
  }
}

/** In the new log, before it takes the place of the old one: both or neither are there. */
async function record(
  folder: string,
  what: string,
  { kept, lost, ends }: Salvaged,
  lastNumber: number,
): Promise<void> {
  const store = await SqliteEventStore.open(folder)
  try {
    const recovery = { what, kept, lost, ends, endsInAll: ends.length }
    await recordRecovery(store, new Clock().now, recovery, lastNumber)
  } catch (error) {
    if (!(error instanceof Rejected)) throw error
    throw new Complaint(`Nothing was changed. ${error.message} Recover with that version.`)
  } finally {
    await store.close()
  }
}

/** Numbers of incidents that left no trace are not given away again, up to so many. */
const passedOverMax = 1_000

/** How people call the incidents. */
class Names {
  readonly #references = new Map<string, string>()
  #last = 0

  note({ stream, revision, type, bytes }: SealedEvent): void {
    if (stream === 'reference') this.#reaches(revision + 1)
    if (type !== 'IncidentDeclared') return
    const { reference } = (JSON.parse(bytes) as { data: { reference?: string } }).data
    if (reference === undefined) return
    this.#references.set(stream, reference)
    this.#reaches(Number(reference.slice('INC-'.length)) || 0)
  }

  of = (stream: string): string =>
    this.#references.has(stream) ? `${this.#references.get(stream)} (${stream})` : stream

  /** The last that may have been given away. */
  lastNumber({ ends, unknown }: Salvaged): number {
    const lost = ends.find(({ stream }) => stream === 'reference')
    if (lost) this.#reaches(lost.revision + lost.events)
    return this.#last + Math.min(unknown, passedOverMax)
  }

  #reaches(number: number): void {
    this.#last = Math.max(this.#last, number)
  }
}

const listedMax = 100

function told({ kept, streams, lost, unknown, ends, endKnown }: Salvaged, names: Names): string[] {
  const listed = ends
    .slice(0, listedMax)
    .map(
      ({ stream, revision, events }) =>
        `  ${names.of(stream)} from revision ${revision} on: ${events} or more`,
    )
  const more = ends.length - listed.length
  return [
    `Kept: ${kept} events in ${streams} streams. Lost: ${lost === 0 ? 'no event' : `${lost} events`}${lost === 0 ? '.' : ':'}`,
    ...listed,
    ...(more > 0 ? [`  and the ends of ${more} other streams`] : []),
    ...(unknown > 0 ? [`  ${unknown} of which only is known that they were acknowledged`] : []),
    ...(endKnown ? [] : ['No head record says how far the log went: more may be lost at its end.']),
    ...(ends.some(({ stream }) => stream === 'organisation')
      ? [
          'People and keys are among it: “keys create” makes a key when no ledger serves the folder.',
        ]
      : []),
  ]
}

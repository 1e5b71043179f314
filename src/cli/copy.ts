import { type Copied, NotACopy, type Step, copy } from '../event-store/copy.js'
import { StoreDamaged, StoreUnavailable } from '../event-store/event-store.js'
import { FolderLocked } from '../event-store/folder-lock.js'
import { Complaint } from './complaint.js'
import { interrupted } from './ended-by-signals.js'
import {
  type Opening,
  type StoreName,
  type Target,
  isSame,
  opening,
  storeName,
} from './open-store.js'
import { progress } from './progress.js'
import { damaged } from './verify.js'

export interface CopyOptions {
  readonly from: string
  readonly to: string
  readonly prefix: string
}

/** Copies a whole ledger from one store to another, or goes on with such a copy. */
export async function copyLedger(options: CopyOptions, open = opening): Promise<void> {
  const from = storeName('--from', options.from, options.prefix)
  const to = storeName('--to', options.to, options.prefix)
  if (isSame(from, to)) throw new Complaint('--from and --to are the same store.')
  const copied = await run(from, to, open).catch(refused)
  if (copied.events === 0)
    throw new Complaint('The source holds no events. Is it the right one, and --prefix too?')
  console.log(told(copied))
  if (copied.grew)
    throw new Complaint(
      'The source was written to meanwhile. Stop every ledger on it, and copy again: it goes on from here.',
    )
  console.log(
    'API keys are events, and work on. Copy admin.key into the new data folder by hand, for the command line.',
  )
}

async function run(from: StoreName, to: StoreName, open: Opening): Promise<Copied> {
  const source = await open.source(from).catch(locked)
  try {
    const target = await open.target(to)
    try {
      return await copyBetween(source, target)
    } finally {
      await target.store.close()
    }
  } finally {
    await source.close()
  }
}

async function copyBetween(source: Parameters<typeof copy>[0], { store, appendsMax }: Target) {
  const bars = stepBars()
  const stop = new AbortController()
  const end = () => stop.abort(new Complaint(`Stopped. ${goesOn}`, interrupted))
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, end)
  try {
    return await copy(source, store, { appendsMax, signal: stop.signal, told: bars.told })
  } catch (error) {
    throw brokeOff(error)
  } finally {
    bars.stop()
    for (const signal of signals) process.off(signal, end)
  }
}

/** One bar after the other; positions are numbers of events or of bytes, so they are shown as shares. */
function stepBars() {
  let bar: ReturnType<typeof progress> | undefined
  let shown: Step | undefined
  return {
    told(step: Step, at: bigint, head: bigint) {
      if (step !== shown) bar?.stop()
      if (step !== shown) bar = progress(`of the log ${step}`)
      shown = step
      bar!.at(Number(at), Number(head))
    },
    stop: () => bar?.stop(),
  }
}

const goesOn = 'The same command goes on where this one ended.'

function locked(error: unknown): never {
  if (!(error instanceof FolderLocked)) throw error
  const { pid, address } = error.holder
  throw new Complaint(
    `Process ${pid}${address ? ` at ${address}` : ''} serves the source: stop it first.`,
  )
}

function refused(error: unknown): never {
  if (error instanceof NotACopy) throw new Complaint(error.message)
  if (error instanceof StoreDamaged) throw new Complaint(error.message, damaged)
  throw error
}

const brokeOff = (error: unknown) =>
  error instanceof StoreUnavailable ? new Complaint(`${error.message} ${goesOn}`) : error

const told = ({ events, streams, added }: Copied) =>
  `${events} events in ${streams} streams, ${added} of them new: every chain holds, and both logs agree.`

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adminKeyFile } from '../auth/first-start.js'
import type { Given } from '../app.module.js'
import type { Config } from '../config.js'
import { codeOf } from '../event-store/fault.js'
import { holderOf } from '../event-store/folder-lock.js'
import { holdsLog } from '../event-store/sqlite/install-log.js'
import { Complaint } from './complaint.js'
import { interruption } from './ended-by-signals.js'

/** A ledger to talk to: the one that serves the folder, or one of our own for as long as it takes. */
export class Ledger {
  constructor(
    readonly url: string,
    private readonly secret: string,
  ) {}

  /** The data of a GraphQL answer; a refusal is thrown as a `Complaint`. */
  async ask<Data>(query: string, variables: object = {}, secret = this.secret): Promise<Data> {
    const answer = await this.post('/graphql', { query, variables }, secret)
    const body = (await answer.json()) as { data?: Data }
    const refusal = refusalIn(body)
    if (refusal || !body.data) throw new Complaint(refusal || 'No answer.')
    return body.data
  }

  async post(path: string, body: object, secret = this.secret): Promise<Response> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` }
    return fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }
}

interface Problem {
  readonly message: string
  readonly extensions: { readonly code: string; readonly details?: { readonly reasons?: string[] } }
}

/** What whoever asks with the key of the folder can do. */
const words: Readonly<Record<string, string>> = {
  UNAUTHENTICATED:
    'The admin.key in the data folder is no valid key of this ledger. The README says how to get another.',
}
const wordsOf = ({ message, extensions: { code, details } }: Problem) =>
  [`${words[code] ?? message} (${code})`, ...(details?.reasons ?? [])].join('\n  ')

/** What an answer that is a refusal says; every path has the same shape for it. */
export const refusalIn = (body: unknown): string =>
  ((body as { errors?: Problem[] }).errors ?? []).map(wordsOf).join('\n')

/** How long a command waits for an EventStoreDB. */
const patience = { waitMs: 5000, goesOn: false }

/** Whoever holds the folder is asked; if nobody does, it is opened here. */
export async function withLedger<Result>(
  config: Config,
  work: (ledger: Ledger) => Promise<Result>,
  given: Given = {},
): Promise<Result> {
  const holder = holderOf(config.data)
  if (!holder) return withOwn(config, work, given)
  // Beside a replica that was not the first to start: its folder holds no key, but the store is open to all.
  if (config.store !== 'sqlite' && !existsSync(adminKeyFile(config.data)))
    return inScratchFolder(data => withOwn({ ...config, data }, work, given))
  if (holder.address)
    return work(new Ledger(holder.address, adminKey(config))).catch((error: unknown) =>
      unanswered(error, config.data, holder.address),
    )
  throw new Complaint(
    `Process ${holder.pid} holds ${config.data} and cannot be asked; end it first.`,
  )
}

/** It may be on its way out, or have ended meanwhile: fetch then says `TypeError`, and why in its cause. */
function unanswered(error: unknown, data: string, address: string | undefined): never {
  const { cause } = Object(error) as { cause?: unknown }
  if (!(error instanceof TypeError) || cause === undefined) throw error
  throw new Complaint(
    `The ledger that serves ${data} does not answer at ${address} (${codeOf(cause)}):` +
      ' what was asked may be done or not. Look whether it still runs, and ask again.',
  )
}

/** As `withLedger`, of a folder that holds one: in a folder that was written wrong none is begun. */
export async function withKnownLedger<Result>(
  config: Config,
  work: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  if (config.store === 'sqlite' && !holderOf(config.data) && !holdsLog(config.data))
    throw new Complaint(
      `There is no ledger in ${config.data}. --data or LEDGER_DATA says where it is; “serve” begins one.`,
    )
  return withLedger(config, work)
}

/** A ledger of our own for as long as the work takes. */
async function withOwn<Result>(
  config: Config,
  work: (ledger: Ledger) => Promise<Result>,
  given: Given,
): Promise<Result> {
  const ctrlC = interruption()
  // Whoever asks a running ledger needs nothing of this.
  const { createApp } = await import('../serve.js')
  const { LocalSecret } = await import('../auth/principal.js')
  const localSecret = new LocalSecret()
  const own = { ...config, host: '127.0.0.1', port: 0 }
  const app = await createApp(own, { patience, ...given, localSecret })
  try {
    await app.listen(0, '127.0.0.1')
    const done = work(new Ledger(await app.getUrl(), localSecret.value))
    return await Promise.race([done, ctrlC.came])
  } finally {
    await app.close()
    ctrlC.end()
  }
}

/** A folder that is gone when the work is done. */
export async function inScratchFolder<Result>(
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'incident-ledger-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function adminKey({ data }: Config): string {
  try {
    return readFileSync(adminKeyFile(data), 'utf8').trim()
  } catch {
    throw new Complaint(
      `A ledger serves ${data}, and ${adminKeyFile(data)} cannot be read to ask it. Put the key there, or stop the ledger, and try again.`,
    )
  }
}

import { readFileSync } from 'node:fs'
import { adminKeyFile } from '../auth/first-start.js'
import type { Given } from '../app.module.js'
import type { Config } from '../config.js'
import { holderOf } from '../event-store/folder-lock.js'
import { Complaint } from './complaint.js'

/** A ledger to talk to: the one that serves the folder, or one of our own for as long as it takes. */
export class Ledger {
  constructor(
    readonly url: string,
    private readonly secret: string,
  ) {}

  /** The data of a GraphQL answer; a refusal is thrown as a `Complaint`. */
  async ask<Data>(query: string, variables: object = {}, secret = this.secret): Promise<Data> {
    const answer = await this.post('/graphql', { query, variables }, secret)
    const { data, errors } = (await answer.json()) as { data?: Data; errors?: Problem[] }
    if (errors?.length || !data)
      throw new Complaint(errors?.map(wordsOf).join('\n') ?? 'No answer.')
    return data
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

export const wordsOf = ({ message, extensions: { code, details } }: Problem) =>
  [`${message} (${code})`, ...(details?.reasons ?? [])].join('\n  ')

/** Whoever holds the folder is asked; if nobody does, it is opened here. */
export async function withLedger<Result>(
  config: Config,
  work: (ledger: Ledger) => Promise<Result>,
  given: Given = {},
): Promise<Result> {
  const holder = holderOf(config.data)
  if (holder?.address) return work(new Ledger(holder.address, adminKey(config)))
  if (holder)
    throw new Complaint(
      `Process ${holder.pid} holds ${config.data} and cannot be asked; end it first.`,
    )
  // Whoever asks a running ledger needs nothing of this.
  const { createApp } = await import('../serve.js')
  const { LocalSecret } = await import('../auth/principal.js')
  const localSecret = new LocalSecret()
  const app = await createApp({ ...config, host: '127.0.0.1', port: 0 }, { ...given, localSecret })
  try {
    await app.listen(0, '127.0.0.1')
    return await work(new Ledger(await app.getUrl(), localSecret.value))
  } finally {
    await app.close()
  }
}

function adminKey({ data }: Config): string {
  try {
    return readFileSync(adminKeyFile(data), 'utf8').trim()
  } catch {
    throw new Complaint(
      `A ledger serves ${data}, and ${adminKeyFile(data)} cannot be read to ask it. Stop it, and try again.`,
    )
  }
}

import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { adminKeyFile } from '../auth/first-start.js'
import type { Config } from '../config.js'
import { holderOf } from '../event-store/folder-lock.js'
import { Complaint } from './complaint.js'
import { refusalIn, withKnownLedger } from './ledger.js'
import { progress } from './progress.js'

/** Makes all views anew from the log; the old ones serve meanwhile. */
export async function rebuildViews(config: Config): Promise<void> {
  const isReplica = config.store !== 'sqlite' && holderOf(config.data) !== undefined
  if (isReplica && !existsSync(adminKeyFile(config.data)))
    throw new Complaint(
      `A ledger serves ${config.data}, and its admin.key is not there to ask it: copy that of the first replica.`,
    )
  await withKnownLedger(config, async ledger => {
    const answer = await ledger.post('/admin/rebuild', {})
    if (!answer.ok || !answer.body) throw new Complaint(refusalIn(await answer.json()))
    const bar = progress('events')
    let last: { done?: boolean; at: string; head: string; error?: string } | undefined
    for await (const line of createInterface({ input: Readable.fromWeb(answer.body) })) {
      last = JSON.parse(line) as NonNullable<typeof last>
      bar.at(Number(last.at), Number(last.head))
    }
    bar.stop()
    if (!last?.done)
      throw new Complaint(
        `Not rebuilt: ${last?.error ?? 'it broke off'}. Make room if the disk is full; else “verify” says whether the log is whole.`,
      )
    console.log(
      config.store === 'sqlite'
        ? `Rebuilt from ${last.head} events.`
        : 'Rebuilt from the whole log.',
    )
  })
}

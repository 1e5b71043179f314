import type { Holder } from '../../event-store/folder-lock.js'
import { type Finding, findings } from './finding.js'

/** Whoever serves answers this at once, or not at all. */
const waitMsMax = 3000

interface Ready {
  readonly checks: readonly { name: string; ok: boolean; detail?: string }[]
}

/** What the ledger that serves the folder says of itself. */
export async function checkReady(holder: Holder | undefined): Promise<Finding[]> {
  if (!holder?.address) return []
  const say = findings('server')
  try {
    const answer = await fetch(`${holder.address}/health/ready`, {
      signal: AbortSignal.timeout(waitMsMax),
    })
    const { checks } = (await answer.json()) as Ready
    if (answer.ok) return [say.ok(`It is ready (${checks.length} checks).`)]
    return checks
      .filter(({ ok }) => !ok)
      .map(({ name, detail }) =>
        say.bad(
          `It is not ready: ${name}. ${detail ?? ''}`.trim(),
          'See above; its log says more.',
        ),
      )
  } catch {
    return [
      say.bad(
        `It does not answer at ${holder.address}.`,
        `Look into its log. If it hangs, end process ${holder.pid} and start it again: nothing acknowledged is lost.`,
      ),
    ]
  }
}

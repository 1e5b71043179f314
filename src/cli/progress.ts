import cliProgress from 'cli-progress'

/** Tells how far something is: as a bar on a terminal, not at all elsewhere. */
export interface Progress {
  at(done: number, total: number): void
  stop(): void
}

const silent: Progress = { at: () => {}, stop: () => {} }

/** `what` is counted; the bar goes to stderr, so that stdout stays for results. */
export function progress(what: string): Progress {
  if (!process.stderr.isTTY) return silent
  const bar = new cliProgress.SingleBar(
    {
      format: `{bar} {percentage}% | {value}/{total} ${what} | {eta_formatted} left`,
      stream: process.stderr,
    },
    cliProgress.Presets.shades_classic,
  )
  let started = false
  return {
    at(done, total) {
      if (!started) bar.start(total, done)
      started = true
      bar.setTotal(total)
      bar.update(done)
    },
    stop: () => started && bar.stop(),
  }
}

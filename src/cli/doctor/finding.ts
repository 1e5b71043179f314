/** How something was found: `warn` works and should be looked at, `bad` does not work or soon will not. */
export type State = 'ok' | 'warn' | 'bad'

export interface Finding {
  /** What was looked at, in a word. */
  readonly check: string
  readonly state: State
  /** What was found, as a sentence. */
  readonly found: string
  /** What to do; absent where nothing is. */
  readonly todo?: string
}

/** Makes the findings of one check. */
export const findings = (check: string) => ({
  ok: (found: string): Finding => ({ check, state: 'ok', found }),
  warn: (found: string, todo: string): Finding => ({ check, state: 'warn', found, todo }),
  bad: (found: string, todo: string): Finding => ({ check, state: 'bad', found, todo }),
})

const ranks: readonly State[] = ['ok', 'warn', 'bad']

/** 0, 1 or 2, as the worst of them is ok, warn or bad. */
export const severityOf = (all: readonly Finding[]): number =>
  Math.max(...all.map(({ state }) => ranks.indexOf(state)))

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

/** For people. */
export function sized(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1)
  return `${(bytes / 1024 ** unit).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`
}

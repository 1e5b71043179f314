import { existsSync, readFileSync } from 'node:fs'
import type { Holder } from '../../event-store/folder-lock.js'
import { type Finding, findings } from './finding.js'

/** Two or three per client, and some for the files. */
const openFilesMin = 4096
const nodeMin = [20, 19] as const

export function checkNode(version = process.versions.node): Finding {
  const say = findings('node')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])
  if (isOld)
    return say.bad(`Node ${version} is too old.`, `Install Node ${nodeMin.join('.')} or later.`)
  return say.ok(`Node ${version}.`)
}

/** Of whoever serves the folder, else of this shell. */
export function checkOpenFiles(holder: Holder | undefined): Finding {
  const say = findings('open files')
  const limits = `/proc/${holder?.pid ?? 'self'}/limits`
  const limit = existsSync(limits) && readable(limits)
  if (!limit) return say.ok('The limit cannot be read here.')
  if (limit === 'unlimited' || Number(limit) >= openFilesMin) return say.ok(`Up to ${limit}.`)
  return say.warn(
    `Only up to ${limit}: each client takes one or two.`,
    `Raise it to ${openFilesMin} or more (ulimit -n; LimitNOFILE= of systemd) and restart.`,
  )
}

/** Undefined where another user's process is not to be looked at. */
function readable(path: string): string | undefined {
  try {
    return /^Max open files\s+(\S+)/m.exec(readFileSync(path, 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

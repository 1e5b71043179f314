import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { syncPath } from '../sync-path.js'

/** `sha256sum -c SHA256SUMS` reads it. */
const sumsFile = 'SHA256SUMS'

const logFile = 'log.sqlite'
const ofBackups = [sumsFile, logFile, 'log.head', 'admin.key']

/** Whether there is a backup and nothing else: others keep sums too, and a backup may be served where it lies. */
export function isBackup(folder: string): boolean {
  if (!statSync(folder).isDirectory()) return false
  const names = readdirSync(folder)
  const isOurs = names.every(name => ofBackups.includes(name))
  return isOurs && names.includes(sumsFile) && names.includes(logFile)
}

/** Notes the sums of these files beside them, durably; answers them in order. */
export async function noteSums(folder: string, names: readonly string[]): Promise<string[]> {
  const sums = await Promise.all(names.map(name => sumOf(join(folder, name))))
  const lines = names.map((name, i) => `${sums[i]}  ${name}\n`)
  writeFileSync(join(folder, sumsFile), lines.join(''), { mode: 0o600 })
  syncPath(join(folder, sumsFile))
  syncPath(folder)
  return sums
}

/** The first file that is not what was noted of it; undefined if all are, or nothing was noted. */
export async function unlikeItsSum(folder: string): Promise<string | undefined> {
  if (!existsSync(join(folder, sumsFile))) return undefined
  for (const line of readFileSync(join(folder, sumsFile), 'utf8').trim().split('\n')) {
    const [, sum, name] = /^([0-9a-f]{64}) {2}([\w.-]+)$/.exec(line) ?? []
    if (!sum || !name) return sumsFile
    if (!existsSync(join(folder, name)) || (await sumOf(join(folder, name))) !== sum) return name
  }
  return undefined
}

async function sumOf(file: string): Promise<string> {
  const sum = createHash('sha256')
  for await (const bytes of createReadStream(file)) sum.update(bytes as Buffer)
  return sum.digest('hex')
}

import { existsSync, statSync } from 'node:fs'
import { type Config, Misconfigured, configFrom } from '../config.js'
import { textOf } from '../event-store/fault.js'
import { type Holder, holderOf } from '../event-store/folder-lock.js'
import { replicaViews } from '../event-store/replica/views-folder.js'
import { holdsLog } from '../event-store/sqlite/install-log.js'
import { checkClock } from './doctor/clock.js'
import { checkDisk, checkSync } from './doctor/disk.js'
import { type Finding, findings, severityOf } from './doctor/finding.js'
import { checkFolder, checkKey, checkLeftovers, checkLock } from './doctor/folder.js'
import { checkNode, checkOpenFiles } from './doctor/process.js'
import { checkReady } from './doctor/ready.js'
import { checkLog, checkServer } from './doctor/store.js'
import { checkViews } from './doctor/views.js'

/** Says how all is that a ledger needs, and what to do; exits 0, 1 or 2 as the worst of it. */
export async function doctor(
  configured: () => Config,
  data: string | undefined,
  { json = false }: { readonly json?: boolean },
): Promise<void> {
  const all = await examined(configured, data)
  console.log(json ? JSON.stringify(all, undefined, 2) : all.map(told).join('\n'))
  process.exitCode = severityOf(all)
}

/**
 * Changes nothing but a file of its own that it removes; also beside a ledger that serves. `data` is
 * looked at even if the rest of the configuration is wrong.
 */
export async function examined(configured: () => Config, data?: string): Promise<Finding[]> {
  const since = { wallMs: Date.now(), steadyMs: performance.now() }
  const { config, found } = configuration(configured, data)
  return [checkNode(), found, ...(await examinedStore(config, since))]
}

async function examinedStore({ data, store }: Config, since: Parameters<typeof checkClock>[1]) {
  const isThere = existsSync(data) && statSync(data).isDirectory()
  const held = isThere ? lock(data) : { found: [] }
  const log =
    store !== 'sqlite' ? await checkServer(store) : isThere ? checkLog(data) : { found: [] }
  const viewsFolder = store === 'sqlite' ? data : replicaViews(data, store)
  return [
    checkOpenFiles(held.holder),
    ...checkFolder(data),
    ...held.found,
    ...(isThere ? checkDisk(data) : []),
    ...(isThere && store === 'sqlite' ? [checkSync(data)] : []),
    ...log.found,
    checkClock(log.last, since),
    ...(isThere ? checkViews(viewsFolder, log.head, held.holder !== undefined) : []),
    ...checkKey(data, isThere && store === 'sqlite' && holdsLog(data)),
    ...checkLeftovers(data),
    ...(await checkReady(held.holder)),
  ]
}

/** What cannot be used is told, and the rest is looked at as if it were not set. */
function configuration(
  configured: () => Config,
  data: string | undefined,
): { config: Config; found: Finding } {
  const say = findings('configuration')
  try {
    const config = configured()
    const store = config.store === 'sqlite' ? 'the embedded store' : 'EventStoreDB'
    return { config, found: say.ok(`${store}, in ${config.data}.`) }
  } catch (error) {
    if (!(error instanceof Misconfigured)) throw error
    const config = configFrom(data?.trim() ? { LEDGER_DATA: data } : {})
    return { config, found: say.bad(error.message, 'Mend each; the README lists the settings.') }
  }
}

function lock(data: string): { holder?: Holder | undefined; found: Finding[] } {
  try {
    const holder = holderOf(data)
    return { holder, found: [checkLock(holder)] }
  } catch (error) {
    const say = findings('lock')
    return { found: [say.bad(`The lock cannot be read: ${textOf(error)}.`, 'See folder.')] }
  }
}

const widthMax = 14
const told = ({ check, state, found, todo }: Finding) =>
  [
    `${state.padEnd(5)}${check.padEnd(widthMax)}${found.replaceAll('\n', `\n${' '.repeat(5 + widthMax)}`)}`,
    ...(todo ? [`${' '.repeat(5 + widthMax)}→ ${todo}`] : []),
  ].join('\n')

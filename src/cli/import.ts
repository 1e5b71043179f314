import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Config } from '../config.js'
import { Rejected } from '../decider/facet.js'
import type { Imported } from '../intake/importer.js'
import { incidentFile } from '../intake/incident-file.js'
import { Complaint } from './complaint.js'
import { Ledger, withLedger, refusalIn } from './ledger.js'
import { progress } from './progress.js'

/** Reads every file before anything is recorded: a bad one is refused whole, and the others with it. */
export async function importFiles(config: Config, paths: readonly string[]): Promise<void> {
  const files = paths.map(path => ({ path, json: read(path) }))
  await withLedger(config, async ledger => {
    for (const imported of await importAll(ledger, files)) console.log(told(imported))
  })
}

/** One after another; a progress bar counts them. */
export async function importAll(
  ledger: Ledger,
  files: readonly { readonly path: string; readonly json: object }[],
): Promise<Imported[]> {
  const bar = progress('incidents')
  const imported: Imported[] = []
  try {
    for (const { path, json } of files) {
      imported.push(await importOne(ledger, path, json))
      bar.at(imported.length, files.length)
    }
  } finally {
    bar.stop()
  }
  return imported
}

async function importOne(ledger: Ledger, path: string, json: object): Promise<Imported> {
  const answer = await ledger.post('/admin/import', json)
  const body = (await answer.json()) as Imported
  if (!answer.ok) throw new Complaint(`${basename(path)}: ${refusalIn(body)}`)
  return body
}

/** The file as JSON that is an incident's; throws a `Complaint` that names place and reason. */
export function read(path: string): object {
  const text = contents(path)
  try {
    const json = JSON.parse(text) as object | null
    if (typeof json !== 'object' || json === null) throw new Complaint(`${path}: not a JSON object`)
    incidentFile(json, new Date().toISOString())
    return json
  } catch (error) {
    if (error instanceof SyntaxError) throw new Complaint(`${path}: not JSON: ${error.message}`)
    if (error instanceof Rejected) throw new Complaint(`${path}: ${placesOf(error)}`)
    throw error
  }
}

function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new Complaint(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
}

const placesShown = 10
function placesOf({ message, details }: Rejected): string {
  const { reasons = [] } = details as { reasons?: string[] }
  return [message, ...reasons.slice(0, placesShown)].join('\n  ')
}

const told = ({ reference, title, recorded, facts, incidentId }: Imported) =>
  recorded === 0
    ? `${reference}  already there  ${title}  (${incidentId})`
    : `${reference}  ${facts} facts, ${recorded} events  ${title}  (${incidentId})`

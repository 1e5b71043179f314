import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gathered } from '../api/gathered-documents.js'
import type { Config } from '../config.js'
import { Complaint } from './complaint.js'

/** Prints the manifest of the operations in a folder, in the shape that Apollo's clients read. */
export function printManifest({ limits }: Config, folder: string): void {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Complaint(`${folder} is no folder.`)
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names
    .filter(name => /\.(graphql|gql)$/.test(name))
    .toSorted()
    .map(path => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
  const { operations, mistakes } = gathered(files, limits)
  if (mistakes.length > 0) throw new Complaint(mistakes.join('\n'))
  if (operations.length === 0) throw new Complaint(`There is no operation in ${folder}.`)
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
  console.log(JSON.stringify(manifest, null, 2))
}

import { readFileSync } from 'node:fs'
import { assertServable, idOf, manifestFrom } from './api/manifest.js'
import { schemaOf } from './api/sdl.js'
import { TrustedDocuments } from './api/trusted-documents.js'
import { keyDocuments } from './cli/key-documents.js'
import { watchDocuments } from './cli/watch-documents.js'
import { type Config, Misconfigured } from './config.js'

/** The documents of the manifest, each of them servable. Throws `Misconfigured` and says which is not. */
export function trustedDocuments({ documents, limits }: Config): TrustedDocuments {
  if (documents.mode === 'off') return new TrustedDocuments('off', new Map())
  try {
    const manifest = manifestFrom(JSON.parse(readFileSync(documents.file, 'utf8')))
    assertServable(manifest, schemaOf(), limits)
    const texts = [keyDocuments, watchDocuments].flatMap(ours => Object.values<string>(ours))
    const ours = texts.map(text => [idOf(text), text] as const)
    return new TrustedDocuments(documents.mode, new Map([...manifest, ...ours]))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'ENOENT'
        ? `names no file: ${documents.file}. “incident-ledger documents FOLDER” prints a manifest.`
        : message
    throw new Misconfigured([`LEDGER_DOCUMENTS_FILE ${why}`])
  }
}

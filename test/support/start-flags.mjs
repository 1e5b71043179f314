import { readFileSync } from 'node:fs'

const packageJson = new URL('../../package.json', import.meta.url)
const { scripts } = JSON.parse(readFileSync(packageJson, 'utf8'))

/** What `npm start` gives Node; whatever else starts the ledger gives it the same. */
export const flags = scripts.start.match(/--\S+/g)

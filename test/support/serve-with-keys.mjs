import { configFrom } from '../../dist/config.js'
import { serve } from '../../dist/serve.js'

/** The real server, with keys given: `node serve-with-keys.mjs '{"alice": {…}}'`. */
const keys = new Map(Object.entries(JSON.parse(process.argv[2])))
await serve({ ...configFrom(process.env), keys })

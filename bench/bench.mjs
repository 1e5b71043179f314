import { readdirSync } from 'node:fs'

/** `npm run bench -- <name> [arguments]`: each prints a table and ends by itself. */
const [name, ...args] = process.argv.slice(2)
const known = readdirSync(new URL('.', import.meta.url))
  .filter(file => file.endsWith('.mjs') && file !== 'bench.mjs')
  .map(file => file.replace('.mjs', ''))
if (!known.includes(name)) {
  console.error(`Which one? npm run bench -- <name>, one of: ${known.join(', ')}`)
  process.exit(1)
}
await (await import(`./${name}.mjs`)).default(args)

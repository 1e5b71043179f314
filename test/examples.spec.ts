import { execFile, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { printSchema } from 'graphql'
import { type App, startApp } from './support/app.js'
import { sdl } from './support/sdl.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const run = promisify(execFile)

let app: App
beforeAll(async () => void (app = await startApp()))
afterAll(() => app.close())

/** What a program says that a person ran with their key. */
async function saidBy(program: string, args: string[], cwd = root): Promise<string> {
  const env = { ...process.env, LEDGER_URL: app.url, LEDGER_KEY: app.secrets['alice'] }
  const { stdout } = await run(program, args, { cwd, env })
  return stdout
}

const has = (program: string) => spawnSync(program, ['--version']).status === 0
/** Not everywhere; what is left out is seen. */
const where = (is: boolean) => (is ? test : test.skip)

/** The same of all of them: declared once, recorded once, refused, told. */
async function expectTold(said: string, commandId: string): Promise<void> {
  expect(said).toContain('Recorded once: true')
  expect(said).toContain('REASON_REQUIRED')
  expect(said).toMatch(/Alice declared “Checkout is slow”/)
  const again = { title: 'Checkout is slow', severity: 'SEV2' }
  const { revision } = await app.act('alice', 'declareIncident', undefined, again, { commandId })
  expect(revision).toBe(1)
}

where(has('curl'))('curl and a shell are enough', async () => {
  const said = await saidBy('sh', ['examples/curl/incident.sh', 'from-curl'])
  await expectTold(said, 'from-curl')
})

where(has('python3'))('Python needs nothing but its standard library', async () => {
  const said = await saidBy('python3', ['examples/python/incident.py', 'from-python'])
  expect(said.replace('Recorded once: True', 'Recorded once: true')).toContain('INC-')
  await expectTold(said.replace('Recorded once: True', 'Recorded once: true'), 'from-python')
})

test('in TypeScript the types come from the schema, and what is not in it does not compile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-example-'))
  cpSync(join(root, 'examples/typescript'), folder, { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'schema.graphql'), printSchema(sdl))
  const npx = (...args: string[]) => run('npx', args, { cwd: folder })
  await npx('gql.tada', 'generate-output')
  const wrong = `import { initGraphQLTada } from 'gql.tada'
    import type { introspection } from './schema.js'
    const graphql = initGraphQLTada<{ introspection: introspection }>()
    const look = graphql('{ incidents { nodes { title } } }')
    type Node = NonNullable<(typeof look)['__apiType']> extends (of: any) => infer Answer ? Answer : never
    export const told = (answer: Node) => answer.incidents.nodes.map(one => one.titel)`
  writeFileSync(join(folder, 'wrong.ts'), wrong)
  const config = { extends: './tsconfig.json', files: ['incident.ts', 'subscriber.ts', 'wrong.ts'] }
  writeFileSync(join(folder, 'both.json'), JSON.stringify(config))
  const failed = await npx('tsc', '-p', 'both.json').catch(({ stdout }) => String(stdout))
  expect(failed).toMatch(/^wrong\.ts\(6,\d+\): error TS\d+: Property 'titel' does not exist/)
  expect(
    String(failed)
      .trim()
      .split('\n')
      .filter(line => line.includes('error')),
  ).toHaveLength(1)
  const said = await saidBy('node', [join(folder, 'dist/incident.js'), 'from-typescript'], folder)
  await expectTold(said, 'from-typescript')
})

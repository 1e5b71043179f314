import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('../', import.meta.url))
const json = (path: string) => JSON.parse(readFileSync(root + path, 'utf8'))
const { dependencies, optionalDependencies } = json('package.json') as Record<string, object>
const { packages } = json('package-lock.json') as {
  packages: Record<string, { version: string; resolved?: string; integrity?: string }>
}

/** The first versions without what is publicly known to be wrong with those before. */
const soundFrom: Record<string, string> = {
  '@apollo/server': '5.5.1',
  graphql: '16.11.0',
  ws: '8.23.0',
  protobufjs: '7.5.6',
}

const numbers = (version: string) => version.split('.').map(part => parseInt(part, 10))
function isAtLeast(version: string, least: string): boolean {
  const [one, other] = [numbers(version), numbers(least)]
  const differing = one.findIndex((number, i) => number !== other[i])
  return differing < 0 || one[differing]! > other[differing]!
}

test.each(Object.entries(soundFrom))('every %s that is installed is %s or later', (name, least) => {
  const installed = Object.entries(packages).filter(
    ([path]) => path.split('node_modules/').at(-1) === name,
  )
  expect(installed).not.toEqual([])
  expect(installed.filter(([, { version }]) => !isAtLeast(version, least))).toEqual([])
})

test('versions are compared as numbers', () => {
  expect(isAtLeast('8.23.0', '8.23.0')).toBe(true)
  expect(isAtLeast('8.100.0', '8.23.0')).toBe(true)
  expect(isAtLeast('8.22.9', '8.23.0')).toBe(false)
  expect(isAtLeast('7.99.0', '8.23.0')).toBe(false)
})

test('whatever is installed is held by its checksum, and no registry is named', () => {
  const outside = Object.entries(packages).filter(([path]) => path !== '')
  expect(outside.filter(([, { integrity }]) => integrity === undefined)).toEqual([])
  expect(outside.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
})

test('the README says of every dependency what it is for, and names no other', () => {
  const [, section = ''] = readFileSync(`${root}README.md`, 'utf8').split('\n## Dependencies\n')
  const told = section.split('\n## ')[0]!.matchAll(/`([^`]+)`/g)
  const all = Object.keys({ ...dependencies, ...optionalDependencies })
  /** Of one scope the table names the scope once. */
  const isTold = new Set([...told].map(([, name]) => name!))
  const names = (name: string) => [name, name.replace(/^@nestjs\//, '')]
  expect(all.filter(name => !names(name).some(one => isTold.has(one)))).toEqual([])
  expect([...isTold].filter(name => !all.some(known => names(known).includes(name)))).toEqual([])
})

/** `npm sbom --omit dev` leaves out what a development tool wants too, so all is listed and marked. */
test('the bill of materials lists every dependency, and marks what only developers need', () => {
  const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8' })
  const { bomFormat, components } = JSON.parse(stdout) as {
    bomFormat: string
    components: { purl: string; properties?: { name: string; value: string }[] }[]
  }
  expect(bomFormat).toBe('CycloneDX')
  const serving = components
    .filter(({ properties = [] }) => !properties.some(({ name }) => name.endsWith(':development')))
    .map(({ purl }) => decodeURIComponent(purl))
  const isListed = (name: string) => serving.some(purl => purl.startsWith(`pkg:npm/${name}@`))
  expect(Object.keys(dependencies!).filter(name => !isListed(name))).toEqual([])
  expect(['jest', 'fast-check', 'autocannon'].filter(isListed)).toEqual([])
})

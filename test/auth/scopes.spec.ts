import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { type EnumTypeDefinitionNode, Kind, parse } from 'graphql'
import { fromWire, scopes, toWire } from '../../src/auth/scopes.js'

test('every scope of the SDL is written in lower case with a colon, and read back', () => {
  const sdl = parse(readFileSync(new URL('../../schema/ledger.graphql', import.meta.url), 'utf8'))
  const declared = sdl.definitions.find(
    (node): node is EnumTypeDefinitionNode =>
      node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'Scope',
  )!
  expect(scopes).toEqual(declared.values!.map(({ name }) => name.value))
  for (const scope of scopes) {
    expect(toWire(scope)).toBe(scope.toLowerCase().replace('_', ':'))
    expect(fromWire(toWire(scope))).toBe(scope)
  }
})

test.each(['', 'incidents:reed', 'INCIDENTS_READ', 'constructor', 'incidents:read '])(
  '"%s" is no scope',
  text => expect(fromWire(text)).toBeUndefined(),
)

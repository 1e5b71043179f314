import { expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'
import { sdl } from '../support/sdl.js'
import { undescribed } from '../support/undescribed.js'

test('whatever a client meets in a schema and cannot read up on is listed', () => {
  const schema = buildSchema(`
    directive @mute(loud: Int) on FIELD_DEFINITION
    "Told." directive @told("Told." quiet: Int) on FIELD_DEFINITION
    type Query { "Told." told("Told." a: Int, mute: Int): Mute mute: Int }
    type Mute { a: Int }
    "Told." interface Told { a: Int }
    enum Colour { "Told." RED GREEN }
    "Told." input Input { "Told." a: Int mute: Int }
    scalar Instant
    "Told." union Either = Mute`)
  expect(undescribed(schema).sort()).toEqual(
    [
      '@mute',
      '@mute(loud:)',
      'Colour',
      'Colour.GREEN',
      'Input.mute',
      'Instant',
      'Mute',
      'Mute.a',
      'Query.mute',
      'Query.told(mute:)',
      'Told.a',
    ].sort(),
  )
})

test('everything in the schema is described where clients read it', () =>
  expect(undescribed(sdl)).toEqual([]))

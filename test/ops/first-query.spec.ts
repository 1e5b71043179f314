import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { buildSchema, parse, validate } from 'graphql'
import { firstLine, firstQuery } from '../../src/ops/first-query.js'

const folder = new URL('../../schema/', import.meta.url)
const sdl = readdirSync(folder)
  .map(file => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n')

test.each([firstQuery, firstLine])('%s can be asked', query =>
  expect(validate(buildSchema(sdl), parse(query))).toEqual([]),
)

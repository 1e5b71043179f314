import { expect, test } from '@jest/globals'
import { parse, validate } from 'graphql'
import { firstLine, firstQuery } from '../../src/ops/first-query.js'
import { sdl } from '../support/sdl.js'

test.each([firstQuery, firstLine])('%s can be asked', query =>
  expect(validate(sdl, parse(query))).toEqual([]),
)

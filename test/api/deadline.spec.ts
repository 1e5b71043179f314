import { expect, test } from '@jest/globals'
import { buildSchema, graphql } from 'graphql'
import { slicing, withDeadline } from '../../src/api/deadline.js'

const never = () => new Promise(() => {})

test('an operation is answered in its time, with what there is by then', async () => {
  const schema = withDeadline(
    buildSchema(
      'type Query { fast: Int soon: Int never: Int child: Child } type Child { never: Int }',
    ),
    50,
  )
  const rootValue = { fast: 1, soon: async () => 2, never, child: async () => ({ never }) }
  const started = performance.now()
  const run = () => graphql({ schema, source: '{ fast soon never child { never } }', rootValue })
  const [{ data, errors }] = await Promise.all([run(), run()])
  expect(performance.now() - started).toBeLessThan(10_000)
  expect(data).toEqual({ fast: 1, soon: 2, never: null, child: { never: null } })
  expect(errors!.map(({ extensions, path }) => [extensions.code, path])).toEqual([
    ['TIMEOUT', ['never']],
    ['TIMEOUT', ['child', 'never']],
  ])
})

test('what fails in its time fails as it did', async () => {
  const schema = withDeadline(buildSchema('type Query { broken: Int }'), 1000)
  const rootValue = { broken: () => Promise.reject(new Error('no such table')) }
  const { errors } = await graphql({ schema, source: '{ broken }', rootValue })
  expect(errors![0]!.message).toBe('no such table')
})

test('long work of an operation goes on no longer than the operation', async () => {
  function* work() {
    for (;;) yield
  }
  const parts = Array.from({ length: 3 }, () => slicing(50)(work()))
  for (const made of await Promise.allSettled(parts))
    expect(made).toMatchObject({ reason: { extensions: { code: 'TIMEOUT' } } })
})

import { expect, test } from '@jest/globals'
import { questionKinds } from '../../src/incident/questions.js'
import { declared } from '../support/facts.js'
import { type Fact, given } from '../support/given.js'

const defer = (kind: (typeof questionKinds)[number], text = 'Why?') =>
  ({ type: 'DeferQuestion', data: { text, kind } }) as const
const deferred = (text: string): Fact => ({
  type: 'QuestionDeferred',
  data: { text, kind: 'CAUSE' },
})

test.each(questionKinds)('anybody puts off a question of %s, once', kind => {
  given(declared)
    .when(defer(kind), 'bob')
    .thenRecorded({
      type: 'QuestionDeferred',
      data: { text: 'Why?', kind },
    })
  const scene = given(declared, { type: 'QuestionDeferred', data: { text: 'Why?', kind } })
  scene.when(defer(kind)).thenNothing()
})

test('a hundred questions wait', () => {
  const full = given(declared, ...Array.from({ length: 100 }, (_, n) => deferred(`Why ${n}?`)))
  full.when(defer('CAUSE')).thenRefused('LIMIT_REACHED')
  expect(full.lists('DeferQuestion')).toBe(false)
})

test('the timeline tells what was left to the review', () =>
  expect(given(declared, deferred('Why?')).tells().at(-1)).toBe(
    'alice left to the review what caused it: Why?',
  ))

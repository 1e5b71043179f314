import { describe, expect, test } from '@jest/globals'
import { type OperationDefinitionNode, buildSchema, parse } from 'graphql'
import type { OperationContext } from '../../src/api/pipeline.js'
import type { Scope } from '../../src/schema.generated.js'
import { SharedAnswers, selectionOf } from '../../src/live/shared-answers.js'

const schema = buildSchema(`
  type Query { none: Int }
  type Subscription { told(after: String, only: String): Told }
  type Told { text(upper: Boolean): String, size: Int }`)
const documents = {
  text: parse(`subscription ($after: String, $upper: Boolean) {
    told(after: $after) { ...Words } } fragment Words on Told { text(upper: $upper) }`),
  size: parse('subscription ($after: String) { told(after: $after) { size } }'),
}
const by = (id: string, scopes: Scope[] = ['EVENTS_SUBSCRIBE']) =>
  ({
    principal: { actor: { type: 'USER', id }, scopes: new Set(scopes) },
    requestId: 'request',
    correlationId: '0',
  }) as OperationContext

function selected(
  document: keyof typeof documents,
  variableValues: Record<string, unknown>,
  { who = by('alice'), isPersonal = false } = {},
) {
  const args = { schema, document: documents[document], variableValues, contextValue: who }
  const [operation] = args.document.definitions
  return selectionOf(args, operation as OperationDefinitionNode, 'told', isPersonal)
}

describe('an answer', () => {
  const made = (...selections: ReturnType<typeof selected>[]) => {
    const answers = new SharedAnswers(1000)
    const event = {}
    let times = 0
    const root = () => (times++, { text: 'Down', size: 4 })
    const all = selections.map(selection => answers.of(selection, event, root))
    return { all, times }
  }

  test.each([
    ['whoever asks', [selected('text', {}), selected('text', {}, { who: by('bob') })], 1],
    [
      'wherever one begins',
      [selected('text', { after: 'a' }), selected('text', { after: 'b' })],
      1,
    ],
    ['but not for another selection', [selected('text', {}), selected('size', {})], 2],
    ['nor for other variables in it', [selected('text', { upper: true }), selected('text', {})], 2],
  ])('is made once, %s', (_, selections, times) => {
    expect(made(...selections).times).toBe(times)
  })

  test('that depends on who asks is made once for each of them, and once for what each may do', () => {
    const personal = (who: OperationContext) => selected('text', {}, { who, isPersonal: true })
    expect(made(personal(by('alice')), personal(by('alice'))).times).toBe(1)
    expect(made(personal(by('alice')), personal(by('bob'))).times).toBe(2)
    const more = by('alice', ['EVENTS_SUBSCRIBE', 'INCIDENTS_READ'])
    expect(made(personal(by('alice')), personal(more)).times).toBe(2)
    // Its field's own arguments are a filter, which one person may ask with in different ways.
    const only = (text: string) => selected('text', { only: text }, { isPersonal: true })
    expect(made(only('a'), only('a')).times).toBe(1)
    expect(made(only('a'), only('b')).times).toBe(2)
  })

  test('says what was selected, and of an event that was told before, the same text', () => {
    const { all } = made(selected('text', {}), selected('size', {}), selected('text', {}))
    expect(all).toEqual([
      '{"data":{"told":{"text":"Down"}}}',
      '{"data":{"told":{"size":4}}}',
      '{"data":{"told":{"text":"Down"}}}',
    ])
  })

  test('is not kept for as long as its event, but made again for who comes much later', () => {
    const answers = new SharedAnswers(1_000_000)
    const events = Array.from({ length: 20 }, () => ({}))
    let times = 0
    const root = () => (times++, { text: 'x'.repeat(900_000) })
    const tell = (event: object) => answers.of(selected('text', {}), event, root)
    events.forEach(tell)
    expect(times).toBe(20)
    events.slice(-5).forEach(tell)
    expect(times).toBe(20)
    tell(events[0]!)
    expect(times).toBe(21)
  })

  test.each(['x'.repeat(2000), '火'.repeat(500)])(
    'that is too large is refused in its place',
    text => {
      const root = { text }
      const json = new SharedAnswers(1000).made(selected('text', {}), root)
      expect(JSON.parse(String(json)).errors[0].extensions).toEqual({
        code: 'ANSWER_TOO_LARGE',
        details: { max: 1000 },
      })
    },
  )

  test('that fails is made again for the next who asks', async () => {
    const answers = new SharedAnswers(1000)
    const event = {}
    const failing = answers.of(selected('text', {}), event, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(await answers.of(selected('text', {}), event, () => ({ text: 'yes' }))).toContain('yes')
  })
})

import { describe, expect, test } from '@jest/globals'
import { validateSync } from 'class-validator'
import { Instant, Line, PersonRef, Prose, Reason, WebAddress } from '../../src/decider/bounds.js'

class Given {
  @Line(10) line = 'x'
  @Prose(10) prose = 'x'
  @Reason() reason = 'x'
  @PersonRef() person = 'x'
  @WebAddress() url = 'https://example.com'
  @Instant() instant = '2026-01-01T00:00:00.000Z'
}
const broken = (field: keyof Given, value: unknown) =>
  validateSync(Object.assign(new Given(), { [field]: value })).map(({ property }) => property)

test('a payload within its bounds breaks none', () => expect(validateSync(new Given())).toEqual([]))

describe.each<[keyof Given, unknown[], unknown[]]>([
  [
    'line',
    ['a', '1234567890', 'ü € 🙂', ' x '],
    [
      '',
      '   ',
      '\u200b \u202e',
      '12345678901',
      'a\nb',
      'a\tb',
      'a\u0000',
      'a\u2028b',
      1,
      null,
      undefined,
      ['a'],
      {},
    ],
  ],
  [
    'prose',
    ['a', 'a\nb\r\n\tc', '🙂'],
    ['', '\n\n', '12345678901', 'a\u0000', 'a\u001b', 1, ['a']],
  ],
  ['reason', ['x'.repeat(1000)], ['', 'x'.repeat(1001)]],
  ['person', ['alice', '0198c0de-0000-7000-8000-000000000001'], ['', 'x'.repeat(101), 'a\nb', {}]],
  [
    'url',
    ['http://localhost:3000/a?b=c', 'https://example.com/#x', 'http://10.0.0.1/'],
    [
      'javascript:alert(1)',
      'https://user:secret@example.com/',
      'data:text/html,x',
      'ftp://example.com',
      'example.com',
      '//x',
      '',
      1,
    ],
  ],
  [
    'instant',
    ['2024-02-29T23:59:59.999Z', '1999-12-31T00:00:00.000Z'],
    [
      '2026-01-01',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.000+01:00',
      '2026-13-01T00:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-01-01T24:61:00.000Z',
      '2026-01-01T24:00:00.000Z',
      ' 2026-01-01T00:00:00.000Z',
      1,
    ],
  ],
])('%s', (field, good, bad) => {
  test.each(good)('takes %j', value => expect(broken(field, value)).toEqual([]))
  test.each(bad)('refuses %j', value => expect(broken(field, value)).toEqual([field]))
})

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { postmortem } from '../../src/replays/postmortem.js'
import { hostile } from './hostile.js'
import { name } from './story.js'

const golden = fileURLToPath(new URL('postmortem.golden.md', import.meta.url))

/** `GOLDEN=write` writes it anew: then read the difference, and raise `rendererVersion`. */
test('a postmortem is rendered in these very bytes', () => {
  const { markdown, sha256 } = postmortem(hostile, name)
  if (process.env['GOLDEN'] === 'write') writeFileSync(golden, markdown)
  expect(markdown).toBe(readFileSync(golden, 'utf8'))
  expect(sha256).toBe(createHash('sha256').update(markdown, 'utf8').digest('hex'))
})

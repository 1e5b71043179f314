import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { newFolder, until } from '../support/app.js'
import { cli, ran, shell } from '../support/server.js'

test('the demo imports the bundled incidents, hands command over, and prints what it replays', async () => {
  const { code, out, err } = await ran(['demo'])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out.match(/^INC-\d+ +\d+ facts/gm)).toHaveLength(6)
  expect(out).toMatch(/21:22 {2}Jun Meyer took command over from Ada Okafor/)
  expect(out).toMatch(/^# INC-7: Checkout answers slowly$/m)
  expect(out).toMatch(/^SHA-256 [0-9a-f]{64}$/m)
})

test('a demo whose reader has gone leaves nothing, and complains of nothing', async () => {
  const TMPDIR = newFolder()
  const demo = spawn(process.execPath, [cli, 'demo'], { env: shell({ TMPDIR }) })
  let err = ''
  demo.stderr.on('data', data => (err += data))
  demo.stdout.destroy()
  expect((await once(demo, 'exit'))[0]).toBe(0)
  expect(err).toBe('')
  expect(readdirSync(TMPDIR)).toEqual([])
})

test('a demo that Ctrl-C ends leaves nothing either', async () => {
  const TMPDIR = newFolder()
  const demo = spawn(process.execPath, [cli, 'demo'], { env: shell({ TMPDIR }) })
  const ended = once(demo, 'exit')
  const isBegun = (name: string) => existsSync(`${TMPDIR}/${name}/log.sqlite`)
  await until(() => readdirSync(TMPDIR).some(isBegun))
  demo.kill('SIGINT')
  expect((await ended)[0]).toBe(130)
  expect(readdirSync(TMPDIR)).toEqual([])
})

import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const tsc = 'node_modules/typescript/bin/tsc'

/**
 * No test runs against an old build, and all of them leave what they leave in one folder. Types are
 * what `npm run check` is for: every suite waits for the build, and without them it takes a third.
 */
export default function beforeAll() {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noCheck'], {
    stdio: 'inherit',
  })
  process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'ledger-tests-'))
}

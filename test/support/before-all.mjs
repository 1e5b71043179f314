import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** No test runs against an old build, and all of them leave what they leave in one folder. */
export default function beforeAll() {
  execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
  process.env['TMPDIR'] = mkdtempSync(join(tmpdir(), 'ledger-tests-'))
}

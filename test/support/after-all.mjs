import { rmSync } from 'node:fs'

/** A program that was killed may be writing its last. */
export default () =>
  rmSync(process.env['TMPDIR'], { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })

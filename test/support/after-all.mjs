import { rmSync } from 'node:fs'

/** A program that was killed may be writing its last: what it leaves then is nobody's failure. */
export default function afterAll() {
  const folder = process.env['TMPDIR']
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  } catch (error) {
    console.warn(`${folder} could not be removed: ${error.message}`)
  }
}

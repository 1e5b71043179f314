/**
 * Given to the server with `--import`, for a clock that jumps: the product has no setting for that. The
 * milliseconds to add stand in a file, which is read anew on SIGUSR2.
 */
import { readFileSync } from 'node:fs'

const file = process.env.CLOCK_FILE
const Real = Date
let offsetMs = 0
const read = () => (offsetMs = Number(readFileSync(file, 'utf8')))
if (file) {
  read()
  process.on('SIGUSR2', read)
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(Real.now() + offsetMs)
      else super(...given)
    }
    static now() {
      return Real.now() + offsetMs
    }
  }
}

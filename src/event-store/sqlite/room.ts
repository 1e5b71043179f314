import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a commit may need at once. */
const roomBytes = 256 * 1024
const name = 'room.probe'

/** Whether a folder takes more, on the disk and within the quota: tried out, since no other answer counts. */
export function takesMore(folder: string): boolean {
  const file = join(folder, name)
  try {
    writeFileSync(file, Buffer.alloc(roomBytes))
    return true
  } catch {
    return false
  } finally {
    rmSync(file, { force: true })
  }
}

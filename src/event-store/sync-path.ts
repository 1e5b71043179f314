import { closeSync, fsyncSync, openSync } from 'node:fs'

/** On disk when it returns. A new or renamed file is not there after a power cut unless its folder is synced too. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

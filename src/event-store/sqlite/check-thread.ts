import { setTimeout as rest } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { verification } from './verify.js'

/**
 * Checks the whole log beside the server, on a thread and a connection of its own: it takes no lock
 * that an append waits for, and rests as long as it works, so it takes at most half a core.
 */
const { folder } = workerData as { folder: string }
const port = parentPort!
let stopped = false
port.once('message', () => (stopped = true))

const workMsMax = 20
const steps = verification(folder)
let since = performance.now()
while (!stopped) {
  const step = steps.next()
  port.postMessage(step.done ? { verified: step.value } : { progress: step.value })
  if (step.done) break
  if (performance.now() - since < workMsMax) continue
  await rest(performance.now() - since)
  since = performance.now()
}
steps.return({ events: 0, streams: 0 })
port.close()

import { MessageChannel, Worker, parentPort, workerData } from 'node:worker_threads'
import { textOf } from './event-store/fault.js'
import { Projections } from './event-store/projections.js'
import { DistantLog } from './event-store/replica/distant-log.js'
import type { Report, Request, Seen } from './event-store/replica/messages.js'
import { viewsOf } from './views-on-thread.js'

/** The views' thread of a replica: keeps the views up to a log that others write to as well. */
const port = parentPort!
const { folder, settings } = workerData as { folder: string; settings: object }
const report = (message: Report) => port.postMessage(message)

const { port1, port2 } = new MessageChannel()
const answered = new Int32Array(new SharedArrayBuffer(4))
const log = new Worker(new URL('event-store/replica/log-thread.js', import.meta.url), {
  workerData: { settings, asked: port2, answered },
  transferList: [port2],
})
const projections = new Projections({
  at: position => report({ viewsAt: position }),
  fault: message => report({ viewsFault: message }),
})
const views = viewsOf(folder, new DistantLog(port1, answered), rebuilding => report({ rebuilding }))
views.then(
  ({ make }) => projections.add('views', make),
  error => report({ viewsFault: textOf(error) }),
)

log.on('message', (seen: Seen) => {
  report({ seen })
  projections.moved()
})
// Without it the views would stand still unnoticed: the whole thread is started again.
log.on('error', error => {
  throw error
})

port.on('message', (request: Request) => {
  if (request === 'rebuild')
    return void views.then(
      ({ rebuild }) => (rebuild(), projections.moved()),
      () => {},
    )
  projections.close()
  // It only reads: there is nothing to wait for.
  void log.terminate().then(() => {
    port1.close()
    port.close()
  })
})

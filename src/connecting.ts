import { ModuleRef } from '@nestjs/core'
import { Admission } from './api/admission.js'
import { Principals } from './auth/principal.js'
import { Rates } from './auth/rates.js'
import type { Config } from './config.js'
import { Operations } from './live/operations.js'
import { WebSocketCallers } from './live/websocket-callers.js'
import { WebSockets } from './live/websockets.js'
import { Metrics } from './ops/metrics.js'

/** What answers by other ways than a request of HTTP. */
export const connecting = ({ limits, live }: Config) => [
  {
    provide: Operations,
    useFactory: (admission: Admission, modules: ModuleRef) =>
      new Operations(admission, limits, modules),
    inject: [Admission, ModuleRef],
  },
  {
    provide: WebSockets,
    useFactory: (running: Operations, principals: Principals, rates: Rates, metrics: Metrics) =>
      counted(
        new WebSockets(running, new WebSocketCallers(principals, rates, live.socketsMax), live),
        metrics,
      ),
    inject: [Operations, Principals, Rates, Metrics],
  },
]

function counted(sockets: WebSockets, metrics: Metrics): WebSockets {
  metrics.gauge('ledger_websocket_sockets', 'WebSockets that are open.', () => sockets.count)
  metrics.gauge(
    'ledger_websocket_operations',
    'Operations that run on WebSockets.',
    () => sockets.operations,
  )
  sockets.closed = metrics.socketClosed
  return sockets
}

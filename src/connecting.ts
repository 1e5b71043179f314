import { ModuleRef } from '@nestjs/core'
import { Admission } from './api/admission.js'
import { Principals } from './auth/principal.js'
import { Rates } from './auth/rates.js'
import type { Config } from './config.js'
import { Operations } from './live/operations.js'
import { Subscriptions } from './live/subscriptions.js'
import { WatchedPrincipals } from './live/watched-principals.js'
import { WebSocketCallers } from './live/websocket-callers.js'
import { WebSockets } from './live/websockets.js'
import { Metrics } from './ops/metrics.js'

/** What answers by other ways than a request of HTTP. */
export const connecting = ({ limits, live }: Config) => [
  {
    provide: Operations,
    useFactory: (admission: Admission, subscriptions: Subscriptions, modules: ModuleRef) =>
      new Operations(admission, subscriptions, limits, modules),
    inject: [Admission, Subscriptions, ModuleRef],
  },
  {
    provide: WebSocketCallers,
    useFactory: (principals: Principals, watched: WatchedPrincipals, rates: Rates) =>
      new WebSocketCallers(principals, watched, rates, live.socketsMax),
    inject: [Principals, WatchedPrincipals, Rates],
  },
  {
    provide: WebSockets,
    useFactory: (running: Operations, callers: WebSocketCallers, metrics: Metrics) =>
      counted(new WebSockets(running, callers, live), metrics),
    inject: [Operations, WebSocketCallers, Metrics],
  },
]

function counted(sockets: WebSockets, metrics: Metrics): WebSockets {
  metrics.gauge('ledger_websocket_sockets', 'WebSockets that are open.', () => sockets.count)
  metrics.gauge(
    'ledger_websocket_operations',
    'Operations that run on WebSockets.',
    () => sockets.operations,
  )
  sockets.closed = ({ code }) => metrics.socketClosed(code)
  return sockets
}

import { once } from 'node:events'
import WebSocket from 'ws'

/** So many subscribers, each with a socket of its own; tells its parent when each event came to them. */
const [url, key, count] = process.argv.slice(2)
/** Connected at a time: a server takes only so many at once. */
const atOnce = 100
const query =
  'subscription { incidentEvents { cursor event { id type incidentId revision data } } }'
let arrivals = []
let firstMs = 0

async function subscriber() {
  const socket = new WebSocket(url, 'graphql-transport-ws', {
    perMessageDeflate: false,
    headers: { authorization: `Bearer ${key}` },
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
  socket.on('message', data => {
    const now = performance.timeOrigin + performance.now()
    if (data.includes('"event":{')) arrivals.push(now)
    else if (!data.includes('"event":null')) throw new Error(String(data).slice(0, 500))
    if (arrivals.length === 1) firstMs = now
    if (arrivals.length === Number(count)) {
      process.send({ arrivals, firstMs })
      arrivals = []
    }
  })
  socket.on('close', (code, reason) => {
    throw new Error(`A socket was closed: ${code} ${reason}`)
  })
}

for (let open = 0; open < Number(count); open += atOnce)
  await Promise.all(Array.from({ length: Math.min(atOnce, Number(count) - open) }, subscriber))
process.send('ready')
process.on('disconnect', () => process.exit(0))

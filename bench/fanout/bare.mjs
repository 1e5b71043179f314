import { createServer } from 'node:http'
import { randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'

/**
 * What the machine allows: the frame is made once and written to every socket, and there is nothing
 * else, neither protocol nor access nor log.
 */
const [folder] = process.argv.slice(2)
const sockets = new Set()
/** Sends make room for others as often as ours do. */
const sliceMs = 5

function frame(message) {
  const body = Buffer.from(JSON.stringify(message))
  const head = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([0x81, ...head]), body])
}

async function tell(event) {
  const bytes = frame({
    id: '1',
    type: 'next',
    payload: {
      data: { incidentEvents: { cursor: `${event.revision}`.padStart(120, '0'), event } },
    },
  })
  let since = performance.now()
  for (const socket of sockets) {
    socket.write(bytes)
    if (performance.now() - since < sliceMs) continue
    await others()
    since = performance.now()
  }
}

let revision = 0
const server = createServer(async (request, response) => {
  for await (const _ of request);
  const id = randomUUID()
  if (revision++ > 0)
    void tell({ id, type: 'ObservationRecorded', incidentId: id, revision, data: { text: 'x' } })
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ data: { declareIncident: { incident: { id } } } }))
})
server.on('upgrade', (_, socket) => {
  let heard = 0
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  )
  // What a client says first is its `connection_init`, and then it subscribes.
  socket.on('data', () => {
    if (heard++ === 0) socket.write(frame({ type: 'connection_ack' }))
    else sockets.add(socket)
  })
  socket.on('error', () => {}).on('close', () => sockets.delete(socket))
})
server.listen(0, '127.0.0.1', () => {
  writeFileSync(join(folder, 'admin.key'), randomBytes(32).toString('base64url'))
  console.log(`http://127.0.0.1:${server.address().port}`)
})

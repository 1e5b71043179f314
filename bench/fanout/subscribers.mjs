import { connect } from 'node:net'

/**
 * So many subscribers, each with a socket of its own; tells its parent when each event came to them. It
 * speaks only as much of WebSocket as it takes, since it runs on the processors that it measures.
 */
const [url, key, count] = process.argv.slice(2)
const { hostname, port, pathname } = new URL(url)
/** Connected at a time: a server takes only so many at once. */
const atOnce = 100
const query =
  'subscription { incidentEvents { cursor event { id type incidentId revision data } } }'
const upgrade = [
  `GET ${pathname} HTTP/1.1`,
  `Host: ${hostname}:${port}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
  `Authorization: Bearer ${key}`,
  '\r\n',
].join('\r\n')
const [opText, opClose, opPing, opPong] = [0x81, 0x88, 0x89, 0x8a]
const buffer = Buffer.allocUnsafe(65_536)
/**
 * Between two reads: nobody on a machine of their own is woken by the server’s processor for each event,
 * which took a tenth of its time here. What it makes later is measured with the rest.
 */
const restMs = 1
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))
let isToRest = false
let arrivals = []
let firstMs = 0

/** What a client sends is masked; with zeros it stays as it is. */
function frame(op, text) {
  const body = Buffer.from(text)
  const length =
    body.length < 126 ? [body.length | 0x80] : [126 | 0x80, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([op, ...length, 0, 0, 0, 0]), body])
}

/** Each answer of the handshake, and what is said to it; after those come events. */
const steps = [
  ['HTTP/1.1 101', frame(opText, '{"type":"connection_init"}')],
  [
    'connection_ack',
    frame(opText, JSON.stringify({ id: '1', type: 'subscribe', payload: { query } })),
  ],
]

function subscriber() {
  return new Promise(resolve => {
    let step = 0
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: { buffer, callback: read },
    })
    socket.once('connect', () => socket.write(upgrade))
    socket.once('close', () => {
      throw new Error('A socket was closed')
    })

    function read(bytes) {
      let came = buffer.subarray(0, bytes)
      if (step === 0) return answered(came)
      for (; came.length > 0; came = came.subarray(lengthOf(came))) {
        const one = came.subarray(0, lengthOf(came))
        if (one[0] === opPing) socket.write(frame(opPong, ''))
        else if (one[0] === opClose) throw new Error(`A socket was closed: ${one.toString()}`)
        else if (step < steps.length) answered(one)
        else arrived(one)
      }
      return true
    }

    function answered(came) {
      const [expected, next] = steps[step++]
      if (!came.includes(expected)) throw new Error(came.toString().slice(0, 500))
      socket.write(next)
      if (step === steps.length) resolve()
      return true
    }
  })
}

/** Of the frame that begins here; an answer has less than 64 KiB. Several may come at once. */
const lengthOf = bytes => (bytes[1] < 126 ? 2 + bytes[1] : 4 + bytes.readUInt16BE(2))

/** Once all is read that is there. */
function rest() {
  isToRest = false
  Atomics.wait(nobodyWakes, 0, 0, restMs)
}

function arrived(came) {
  if (!isToRest) {
    isToRest = true
    setImmediate(rest)
  }
  const now = performance.timeOrigin + performance.now()
  if (came.includes('"event":null')) return
  if (!came.includes('"event":{')) throw new Error(came.toString().slice(0, 500))
  if (arrivals.push(now) === 1) firstMs = now
  if (arrivals.length === Number(count)) {
    process.send({ arrivals, firstMs })
    arrivals = []
  }
}

for (let open = 0; open < Number(count); open += atOnce)
  await Promise.all(Array.from({ length: Math.min(atOnce, Number(count) - open) }, subscriber))
process.send('ready')
process.on('disconnect', () => process.exit(0))

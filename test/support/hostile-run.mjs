import { connect } from 'node:net'
import { documentOf } from './live-incident.mjs'
import { Random, faultIn, malformedRequest, randomQuery } from './random-requests.mjs'

/** A refusal stays within this (G2). */
const refusalBytesMax = 2048

/** Some incidents to ask about; resolves to what random queries are made of. */
export async function seeded(ask) {
  const ids = []
  const { viewer } = (await ask('{ viewer { person { id } } }')).data
  const command = (mutation, id, input) => ask(documentOf(mutation, { id, input }), { id, input })
  for (const title of ['Checkout is slow', 'Nothing is sent', 'constructor']) {
    const { data } = await command('declareIncident', undefined, { title })
    const { id } = data.declareIncident.incident
    ids.push(id)
    await command('claimCommand', id)
    await command('recordObservation', id, { text: 'Lock waits rise, <b>really</b> | `all`' })
    await command('addLink', id, { kind: 'DASHBOARD', title: 'd', url: 'https://example.org/d' })
    await command('assignTask', id, { title: 'Look', assignee: viewer.person.id })
  }
  await command('resolveIncident', ids[0], { summary: 'It went away' })
  const { data } = await ask(`{ events(first: 30) { edges { cursor node { id } } } }`)
  return {
    ids: [...ids, ...data.events.edges.map(({ node }) => node.id), viewer.person.id, 'nope', ''],
    texts: [
      'INC-1',
      'INC-2',
      'inc-99',
      'dev.incidentledger.incident.declared.v1',
      '*',
      '%',
      '\u{1f525}',
    ],
    times: ['2026-01-01T12:00:00.000Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59+14:00'],
    cursors: [...data.events.edges.map(({ cursor }) => cursor), 'x', ''],
  }
}

/** Valid queries, `send` being how a request gets to /graphql. Resolves to what was faulty. */
export async function randomQueries(send, schema, pool, count, seed) {
  const random = new Random(seed)
  const headers = { 'content-type': 'application/json' }
  const faults = []
  let answered = 0
  for (let i = 0; i < count; i++) {
    const body = JSON.stringify(randomQuery(schema, random, pool))
    const { status, text } = await send({ body, headers })
    const fault = status === 503 ? 'status 503' : faultIn(status, text)
    if (fault) faults.push(`${fault}: ${body} ${text.slice(0, 300)}`)
    else if (status === 200) answered++
  }
  return { faults, answered }
}

export async function malformedBodies(send, schema, pool, count, seed) {
  const random = new Random(seed)
  const faults = []
  for (let i = 0; i < count; i++) {
    const request = malformedRequest(random, randomQuery(schema, random, pool))
    const { status, text } = await send(request)
    const fault = faultIn(status, text, refusalBytesMax)
    if (fault) faults.push(`${fault}: ${request.body.toString('latin1')} ${text.slice(0, 300)}`)
  }
  return faults
}

/** Bytes that are nearly HTTP, each on a socket of its own, which is cut off here and there. */
export async function malformedSockets(url, authorization, count, seed) {
  const random = new Random(seed)
  const { hostname, port } = new URL(url)
  const faults = []
  for (let i = 0; i < count; i++) {
    const example = { query: '{ incidents { nodes { id } } }', variables: {} }
    const { body, headers } = malformedRequest(random, example)
    const length = random.chance(0.7) ? body.length : random.below(300_000)
    const lines = [
      'POST /graphql HTTP/1.1',
      'host: x',
      'connection: close',
      `authorization: ${authorization}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      random.chance(0.8) ? `content-length: ${length}` : 'transfer-encoding: chunked',
    ]
    if (random.chance(0.3)) lines.splice(random.below(lines.length), 1)
    const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
    const text = await exchanged(Number(port), hostname, bytes, random.chance(0.2))
    const fault = text && faultIn(Number(text.slice(9, 12)), text.split('\r\n\r\n')[1] ?? '')
    if (fault && fault !== 'no JSON') faults.push(`${fault}: ${bytes.toString('latin1')} ${text}`)
  }
  return faults
}

/** All that is answered; a socket that is cut, or closed on us, answers nothing. */
function exchanged(port, host, bytes, isCut) {
  return new Promise(resolve => {
    let text = ''
    const socket = connect(port, host)
    socket.setTimeout(200, () => socket.destroy())
    socket.on('data', data => (text += data))
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
    socket.on('connect', () =>
      isCut ? socket.write(bytes, () => socket.destroy()) : socket.end(bytes),
    )
  })
}

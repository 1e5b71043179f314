import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { newFolder, until } from './support/app.js'
import { metric } from './support/replicas.js'
import { type Server, startServer } from './support/server.js'
import { slowDisk } from './support/slow-disk.js'

let server: Server
let folder: string
beforeEach(async () => void (server = await startServer((folder = newFolder()))))
afterEach(() => void server.process.kill('SIGKILL'))

const declare = 'mutation { declareIncident(input: { title: "x" }) { revision } }'
const opened = async (): Promise<Socket> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  await once(socket, 'connect')
  return socket
}
/** Sends a command that waits for the disk, and resolves when it does. */
async function waiting() {
  const disk = slowDisk(folder)
  const answer = server.ask(server.key, declare)
  await until(async () => (await metric(server, 'ledger_appends_waiting')) === 1)
  return { disk, answer }
}

test('a signal lets what was asked be answered, closes what is idle, takes nothing new, and ends with 0', async () => {
  const [idle, fresh, half] = [await opened(), await opened(), await opened()]
  const head = 'GET /health/ready HTTP/1.1\r\nHost: x\r\n'
  idle.write(`${head}\r\n`)
  expect(String((await once(idle, 'data'))[0])).toMatch(/^HTTP\/1.1 200/)
  half.write(head)
  const { disk, answer } = await waiting()

  const ended = server.end('SIGTERM')
  await Promise.all([once(idle, 'close'), once(fresh, 'close')])
  await expect(fetch(server.url)).rejects.toThrow()
  half.write('\r\n')
  const ready = await text(half)
  expect(ready).toMatch(/^HTTP\/1.1 503 .*connection: close/is)
  expect(ready).toContain('"name":"stopping","ok":false')
  disk.go()
  expect(await answer).toEqual({ status: 200, data: { declareIncident: { revision: 1 } } })
  expect(await ended).toEqual([0, null])
})

test('a second signal ends it at once', async () => {
  const { answer } = await waiting()
  const lost = answer.catch(error => error)
  const idle = await opened()
  server.process.kill('SIGTERM')
  await once(idle, 'close')
  expect(await server.end('SIGINT')).toEqual([null, 'SIGINT'])
  expect(await lost).toHaveProperty('name', 'TypeError')
})

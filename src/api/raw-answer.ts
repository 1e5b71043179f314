import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Answers where HTTP has no response to send, and ends the connection. */
export function rawAnswer(
  socket: Duplex,
  status: number,
  answer: object,
  headers: readonly (readonly [string, string])[] = [],
): void {
  const body = JSON.stringify(answer)
  const lines = [
    ['content-type', 'application/json'],
    ['connection', 'close'],
    ['content-length', String(Buffer.byteLength(body))],
    ...headers,
  ].map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}

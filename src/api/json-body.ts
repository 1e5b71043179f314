import type { FastifyInstance } from 'fastify'
import { Rejected } from '../decider/facet.js'
import type { Limits } from './limits.js'

/** What is shorter holds too little to be dear; a message on a WebSocket is no longer. */
const looseBytes = 64 * 1024
/** Members, and lists or objects: ten times what the largest input has. */
const partsMax = 10_000

/**
 * Bodies of many small parts are refused before they are read: JSON with 30,000 names takes 10 ms to
 * parse, also for who is a stranger. Routes with a bound of their own are not concerned.
 */
export function boundJson(http: FastifyInstance, { bodyBytes }: Limits): void {
  const parse = http.getDefaultJsonParser('error', 'error')
  http.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, text, done) => {
      const isBound = request.routeOptions.bodyLimit === bodyBytes
      if (isBound && text.length > looseBytes && hasTooManyParts(text))
        done(new Rejected('BAD_REQUEST', 'This request cannot be read.'))
      else parse(request, text, done)
    },
  )
}

const [quote, backslash, colon, list, object] = ['"', '\\', ':', '[', '{'].map(c => c.charCodeAt(0))

export function hasTooManyParts(text: string): boolean {
  let [members, containers] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character === quote) at = endOfText(text, at)
    else if (character === colon) members++
    else if (character === list || character === object) containers++
    if (members > partsMax || containers > partsMax) return true
  }
  return false
}

function endOfText(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== quote)
    at += text.charCodeAt(at) === backslash ? 2 : 1
  return at
}

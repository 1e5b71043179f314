import type { JSONWebKeySet } from 'jose'

/** Real sets have a few keys of some 500 bytes. */
const bytesMax = 64 * 1024
/** From the connection to the last byte; those who wait for it wait no longer. */
const msMax = 3000

/**
 * What an issuer publishes. Rejects with words for the operator, without the address: it did not answer
 * in time, not with 200, or with too much. A redirect is an answer other than 200: the keys are where
 * the operator said, or nowhere.
 */
export async function fetchedKeySet(url: string): Promise<JSONWebKeySet> {
  try {
    const signal = AbortSignal.timeout(msMax)
    const headers = { accept: 'application/jwk-set+json, application/json' }
    const response = await fetch(url, { redirect: 'manual', signal, headers })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`it answered with the status ${response.status}`)
    }
    return JSON.parse(await textOf(response)) as JSONWebKeySet
  } catch (error) {
    throw new Error(reasonOf(error as Error & { cause?: { code?: string } }))
  }
}

async function textOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop ends the connection.
  for await (const piece of body ?? []) {
    bytes += piece.length
    if (bytes > bytesMax) throw new Error(`it answered with more than ${bytesMax} bytes`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

function reasonOf({ name, message, cause }: Error & { cause?: { code?: string } }): string {
  if (name === 'TimeoutError') return `it did not answer within ${msMax} ms`
  if (name === 'SyntaxError') return 'it answered with something that is not JSON'
  return cause?.code ?? message
}

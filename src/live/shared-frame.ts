/** The last frame made: who is told an event is told it right after the one before. */
let last: { head: string; json: string; frame: Buffer } = {
  head: '',
  json: '',
  frame: Buffer.alloc(0),
}

/**
 * A text frame of WebSocket (RFC 6455, 5.2), unmasked as a server sends it, with the answer to an operation:
 * `head` is all of its message that comes before the answer, which a brace ends.
 */
export function sharedFrame(head: string, json: string): Buffer {
  if (last.json !== json || last.head !== head)
    last = { head, json, frame: textFrame(Buffer.from(`${head}${json}}`)) }
  return last.frame
}

const finText = 0x81

function textFrame(payload: Buffer): Buffer {
  const { length } = payload
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header[0] = finText
  header[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([header, payload])
}

import type { ServerHttp2Stream } from 'node:http2'
import { Metadata } from '@grpc/grpc-js'

/** What a call of the library keeps its HTTP/2 stream in; there is no public way to it. */
interface Inner {
  call: { stream: ServerHttp2Stream; sendMetadata(metadata: Metadata): void }
}

/** A frame says its length and then falls short of it; the library cannot be made to send one. */
export function halfFrame(call: object, message: Uint8Array) {
  const { call: inner } = call as Inner
  if (!inner.stream.headersSent) inner.sendMetadata(new Metadata())
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  inner.stream.write(Buffer.concat([head, message.subarray(0, Math.floor(message.length / 2))]))
}

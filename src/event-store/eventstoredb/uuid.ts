import type { shared } from './protocol.js'

/** As text, in whichever of its two forms the server sent it. */
export function uuidIn(uuid: shared.UUID | undefined): string {
  const halves = uuid?.getStructured()
  if (!halves) return uuid?.getString() ?? ''
  const bytes = Buffer.alloc(16)
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(halves.getMostSignificantBits())), 0)
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(halves.getLeastSignificantBits())), 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

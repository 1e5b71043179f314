/** What the ledger keeps for itself is in no feed and no export: numbers given away, deliveries, accesses. */
export const isOwnStream = (stream: string): boolean =>
  /^(reference$|delivery-|access-)/.test(stream)

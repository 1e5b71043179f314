/** What `npm start` gives Node; whatever else starts the ledger gives it the same. */
export const flags: readonly string[]

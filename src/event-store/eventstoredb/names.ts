/** How our streams are told from everybody else's on the server. */
export class Names {
  /** Lets through what may be ours: no stream of the server's own, and no lease. */
  readonly filter: RegExp

  constructor(readonly prefix: string) {
    // Only what .NET's Regex.Escape escapes too: the server is the one who reads it.
    const escaped = prefix.replace(/[\\*+?|{[()^$.# ]/g, '\\$&')
    this.filter = new RegExp(`^${escaped}(?!${prefix === '' ? '\\$|' : ''}lease-)`)
  }

  onServer(stream: string): string {
    return this.prefix + stream
  }
  lease(name: string): string {
    return `${this.prefix}lease-${name}`
  }

  /** The ledger's own name of a stream on the server; undefined if it is none of the ledger's. */
  ofLedger(name: string): string | undefined {
    return this.filter.test(name) ? name.slice(this.prefix.length) : undefined
  }
}

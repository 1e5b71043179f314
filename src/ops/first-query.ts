/** Worth running on a ledger that has nothing in it yet; the SDL's own words explain the rest. */
export const firstQuery = `# Your key is in the file admin.key of the data folder.
# Open "Your key" (top right), paste it there as the value of "key", then press Send Request.
query FirstLook {
  incidents(first: 5) {
    nodes {
      reference
      title
      status
      severity
    }
  }
}
`

/** The same, short enough for a command line. */
export const firstLine = '{ incidents(first: 5) { nodes { reference title status } } }'

/** Worth running on a ledger that has nothing in it yet; the SDL's own words explain the rest. */
export const firstQuery = `# Your key is in the file admin.key of the data folder.
# Paste it as \`key\` under Environments (top right), then press the play button.
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

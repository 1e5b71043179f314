const shown = `id reference title status severity effectiveSeverity commander { name } declaredAt`
/** Of incidents in earnest: exercises are nobody’s emergency. */
const open = `status: [TRIAGE, ACTIVE, MITIGATED], mode: [LIVE, RETROSPECTIVE]`

/**
 * What `watch` asks a running ledger; it may, whatever documents clients are held to. Pages are as large
 * as the least `LEDGER_LIMIT_COST` lets them be.
 */
export const watchDocuments = {
  list: `query OpenIncidents($after: Cursor, $atLeast: Cursor) {
    incidents(filter: { ${open} }, orderBy: SEVERITY_WORST, first: 30, after: $after, atLeast: $atLeast) {
      nodes { ${shown} }
      pageInfo { endCursor hasNextPage } } }`,
  changes: `subscription OpenIncidentsChanged {
    incidentsChanged(filter: { ${open} }) { cursor incidentId incident { ${shown} } } }`,
}

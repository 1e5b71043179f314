import { join } from 'node:path'

/**
 * Where a replica keeps its views within its data folder: apart from those of an embedded store that was
 * served from the same folder, or of another ledger, whose positions mean something else.
 */
export const replicaViews = (data: string, { prefix }: { readonly prefix: string }): string =>
  join(data, `replica-${prefix}`)

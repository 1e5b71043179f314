import { test } from '@jest/globals'

/** Set for a run on a real EventStoreDB or KurrentDB; the streams of a run have a prefix of its own. */
export const realUrl = process.env['EVENTSTOREDB_URL']

/** Says in the report that a suite was not run on a real server. */
export function skippedWithoutRealServer(suite: string): void {
  if (realUrl === undefined)
    test.skip(`${suite} on a real EventStoreDB: set EVENTSTOREDB_URL, and npm run test:eventstoredb`, () => {})
}

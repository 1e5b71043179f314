import { test } from '@jest/globals'
import { givenOrganisation as given } from '../support/given.js'

test('a recovery is recorded each time, as it was', () => {
  const recovery = { what: 'x', kept: 5, lost: 2, ends: [], endsInAll: 0 }
  const recovered = { type: 'LedgerRecovered', data: recovery } as const
  given(recovered).when({ type: 'RecordRecovery', data: recovery }).thenRecorded(recovered)
})

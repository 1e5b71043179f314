import { describe, expect, test } from '@jest/globals'
import { incidentAt } from '../../src/replays/incident-at.js'
import { declared, happened, minute, saw, stream } from './story.js'

const told = stream(
  declared,
  happened(2, 'CommandClaimed', { commander: 'alice' }),
  saw(-10, 'Errors rise', { recordedAt: minute(8) }),
  happened(9, 'SeveritySet', { level: 'SEV2' }),
)
const revisions = (events: readonly { revision: number }[]) =>
  events.map(({ revision }) => revision)

describe('an incident as of', () => {
  test.each([
    ['nothing: as it is now', {}, [0, 1, 2, 3]],
    ['a revision: after that event', { revision: 1 }, [0, 1]],
    ['a recorded time: what was known then', { recordedAt: minute(8) }, [0, 1, 2]],
    ['an occurred time: what had happened by then', { occurredAt: minute(1) }, [0, 2]],
    ['a time before all: nothing', { recordedAt: minute(-60) }, []],
  ])('%s', (_, asOf, counted) => {
    const at = incidentAt(told, asOf)
    expect(revisions(at.events)).toEqual(counted)
    expect(at.revision).toBe(counted.at(-1) ?? -1)
  })

  test('a revision is folded no further', () => {
    expect(incidentAt(told, { revision: 0 }).incident.handoff.commander).toBeNull()
    expect(incidentAt(told, { revision: 2 }).incident.severity.level).toBe('UNDETERMINED')
    expect(incidentAt(told).incident.severity.level).toBe('SEV2')
  })
})

describe('an event of a newer version', () => {
  const sealed = { ...saw(10, 'x'), type: 'TaskSealed' }
  const second = { ...happened(10, 'SeveritySet', { level: 'SEV5' }), schemaVersion: 2 }

  test.each([sealed, second])('changes nothing, and is said to be newer', newer => {
    const at = incidentAt(stream(declared, newer))
    expect(at.newer).toBe(true)
    expect(at.revision).toBe(1)
    expect(at.incident).toEqual(incidentAt(stream(declared)).incident)
  })

  test('does not concern what was before it', () =>
    expect(incidentAt(stream(declared, sealed), { revision: 0 }).newer).toBe(false))
})

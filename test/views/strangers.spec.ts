import { expect, test } from '@jest/globals'
import { dropStrangers } from '../../src/views/strangers.js'
import { generation } from '../../src/views/views-file.js'
import { eventOf } from './support/events.js'
import { withLedger } from './support/ledgers.js'

const data = { reference: 'INC-1', title: 'x', type: 'SERVICE', mode: 'LIVE', status: 'ACTIVE' }
const declared = (id: string) => eventOf(id, [], { type: 'IncidentDeclared', data })

test('views of the log are kept, and views that saw another are begun anew', () => {
  withLedger([declared('incident-a'), declared('incident-b')], ledger => {
    dropStrangers(ledger.folder, ledger.log)
    expect(generation(ledger.folder)).toBe(0)
    ledger.project()
    dropStrangers(ledger.folder, ledger.log)
    expect(generation(ledger.folder)).toBe(1)

    const noted = ledger.views(db => db.prepare('select id from checkpoint').pluck().get())
    ledger.views(db => db.prepare(`update checkpoint set id = 'another'`).run())
    dropStrangers(ledger.folder, ledger.log)
    expect(generation(ledger.folder)).toBe(2)
    ledger.project()
    expect(ledger.views(db => db.prepare('select id from checkpoint').pluck().get())).toBe(noted)

    ledger.views(db => db.prepare('update checkpoint set position = 3').run())
    dropStrangers(ledger.folder, ledger.log)
    expect(ledger.views(db => db.prepare('select position from checkpoint').pluck().get())).toBe(0)
  })
})

/** The document of a mutation of the organisation. */
export function organisingDocumentOf(mutation) {
  const type = mutation[0].toUpperCase() + mutation.slice(1)
  return `mutation ${type}($input: ${type}Input!, $options: CommandOptions) {
    ${mutation}(input: $input, options: $options) { revision position events { id type data } } }`
}

/** What an organisation settles, and an incident that says more for it; told in chapters. */
export function liveDetails({ act, organise }) {
  const told = { id: '', entries: {} }
  const does = (who, mutation, input, options) => act(who, mutation, told.id, input, options)

  return {
    told,
    /** What it wants to know of incidents. */
    async settles() {
      const fields = [
        { key: 'affected', name: 'Affected customers', type: 'NUMBER' },
        { key: 'contact', name: 'Contact', type: 'PERSON' },
        { key: 'region', name: 'Region', type: 'SINGLE_SELECT', options: ['Europe', 'Asia'] },
        { key: 'ticket', name: 'Ticket', type: 'LINK' },
        { key: 'mood', name: 'Mood', type: 'TEXT' },
      ]
      for (const field of fields) await organise('defineCustomField', field)
      await organise('changeCustomField', { key: 'affected', required: true })
      await organise('retireCustomField', { key: 'mood', reason: 'Nobody asks' })
      const template = {
        key: 'billing',
        name: 'Billing',
        title: 'Invoices are wrong',
        severity: 'SEV3',
        effect: 'QUALITY',
        services: ['invoicing'],
        labels: ['billing'],
        customFields: [
          { key: 'region', value: { option: 'Asia' } },
          { key: 'contact', value: { person: 'carol' } },
        ],
        guidance: 'Stop the run of invoices first',
      }
      for (const severity of ['SEV3', 'SEV2'])
        await organise('defineIncidentTemplate', { ...template, severity })
      await organise('defineIncidentTemplate', { key: 'old', name: 'Old' })
      await organise('retireIncidentTemplate', { key: 'old' })
    },
    async begins() {
      const { incident } = await act(
        'alice',
        'declareIncident',
        undefined,
        {
          template: 'billing',
          severity: 'SEV4',
          customFields: [{ key: 'region', value: { option: 'Europe' } }],
        },
        { commandId: 'wrong-invoices' },
      )
      told.id = incident.id
    },
    /** What it belongs to, and what of it matters. */
    async marks() {
      await does('bob', 'addLabels', { labels: ['customer:Acme', 'vat'] })
      await does('bob', 'removeLabels', { labels: ['vat'] })
      const noted = async text => {
        const { events } = await does('alice', 'recordObservation', { text })
        return events[0].id
      }
      told.entries.sum = await noted('Sums are off by a cent')
      const other = await noted('So are the totals')
      for (const eventId of [told.entries.sum, other]) await does('bob', 'markKey', { eventId })
      await does('bob', 'unmarkKey', { eventId: other })
      await does('alice', 'attachEvidence', {
        eventId: told.entries.sum,
        url: 'https://files.example.org/invoice.pdf',
        sha256: 'a'.repeat(64),
        caption: 'An invoice',
      })
      const { events } = await does('alice', 'attachEvidence', {
        eventId: told.entries.sum,
        url: 'https://files.example.org/other.pdf',
        caption: 'Another one',
      })
      told.entries.attachment = events[0].id
      const reason = 'It is of another customer'
      await does('bob', 'retractEntry', { eventId: told.entries.attachment, reason })
    },
    async fillsIn() {
      await does('alice', 'setCustomFields', {
        fields: [
          { key: 'affected', value: { number: 300 } },
          { key: 'contact', value: { person: 'bob' } },
          { key: 'region', value: { option: 'Europe' } },
        ],
      })
      await does('bob', 'clearCustomField', { key: 'region' })
    },
  }
}

/** The document of a mutation of the organisation. */
export function organisingDocumentOf(mutation) {
  const type = mutation[0].toUpperCase() + mutation.slice(1)
  return `mutation ${type}($input: ${type}Input!, $options: CommandOptions) {
    ${mutation}(input: $input, options: $options) { revision position events { id type data } } }`
}

/** What an organisation settles, and an incident that says more for it; told in chapters. */
export function liveDetails({ act, organise }) {
  const told = { id: '' }
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
    },
    async begins() {
      const { incident } = await act(
        'alice',
        'declareIncident',
        undefined,
        { title: 'Invoices are wrong' },
        { commandId: 'wrong-invoices' },
      )
      told.id = incident.id
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

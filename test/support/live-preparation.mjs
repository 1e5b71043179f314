/** Whom an organisation can count on, settled before anything happens; told in chapters. */
export function livePreparation({ organise, now }) {
  const inDays = days => new Date(Date.parse(now()) + days * 86_400_000).toISOString()

  return {
    /** Who is several, and what the roles mean here. */
    async namesRoles() {
      const shift = { handle: 'payments', name: 'Payments team', members: ['alice', 'bob'] }
      await organise('defineGroup', shift)
      await organise('defineGroup', { ...shift, members: ['alice', 'carol'] })
      await organise('defineGroup', { handle: 'old-team', name: 'Old team', members: [] })
      await organise('retireGroup', { handle: 'old-team', reason: 'Merged' })
      await organise('defineRole', {
        role: 'INCIDENT_COMMANDER',
        name: 'Commander',
        duties: ['Decides', 'Hands over in time'],
        instructions: 'Say that you are in command',
        required: true,
        qualified: true,
      })
    },
    /** Who is trained for them: carol, for a month. */
    async trains() {
      const role = 'INCIDENT_COMMANDER'
      await organise('grantQualification', { person: 'alice', role })
      await organise('grantQualification', { person: 'bob', role, expiresAt: inDays(300) })
      await organise('grantQualification', { person: 'carol', role, expiresAt: inDays(30) })
      await organise('grantQualification', { person: 'carol', role: 'SCRIBE' })
      await organise('revokeQualification', { person: 'bob', role, reason: 'Left the rota' })
    },
    /** Who looks after what, and who does no more. */
    async ownsServices() {
      const checkout = {
        service: 'checkout-api',
        name: 'Checkout',
        team: 'Payments',
        owners: ['bob', 'alice'],
        contacts: [
          { kind: 'CHAT', value: '#payments' },
          { kind: 'LINK', value: 'https://wiki.example.org/payments' },
        ],
        escalation: [{ people: ['carol'], afterMinutes: 15 }],
      }
      await organise('registerServiceOwner', checkout)
      const contacts = [{ kind: 'PHONE', value: '+41 44 000 00 00' }]
      await organise('registerServiceOwner', { service: 'fax', name: 'Fax', contacts })
      await organise('retireServiceOwner', { service: 'fax', reason: 'Switched off' })
    },
  }
}

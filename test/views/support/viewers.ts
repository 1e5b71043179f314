import type { Viewer } from '../../../src/incident/membership.js'

/** Sees what is restricted too. */
export const everything: Viewer = { actor: { type: 'USER', id: 'root' }, isAdmin: true }

/** A person who sees what is open to them. */
export const asPerson = (id: string): Viewer => ({ actor: { type: 'USER', id }, isAdmin: false })

import { v5, v7 } from 'uuid'
import type { Actor } from '../decider/facet.js'

/** The namespace of all ids that are made from what they stand for. */
export const ledger = '5b7c8f0e-53f5-4a43-9f8e-7d3a4f6c1b2a'

/** A declaration that is sent again must find the incident it declared. */
export const newIncidentId = (actor: Actor, commandId: string | undefined) =>
  commandId === undefined ? v7() : v5(JSON.stringify([actor.type, actor.id, commandId]), ledger)

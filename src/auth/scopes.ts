import { Rejected } from '../decider/facet.js'
import type { Scope } from '../schema.generated.js'

/** Scopes as tokens, events and the command line write them: `incidents:read`. */
export type WireScope = WireForm<Scope>
type WireForm<S extends string> = S extends `${infer Of}_${infer May}`
  ? `${Lowercase<Of>}:${Lowercase<May>}`
  : never

/** A record, so that a scope added to the SDL does not compile until it is written here. */
const wire: { readonly [S in Scope]: WireForm<S> } = {
  INCIDENTS_READ: 'incidents:read',
  INCIDENTS_WRITE: 'incidents:write',
  INCIDENTS_ADMIN: 'incidents:admin',
  EVENTS_SUBSCRIBE: 'events:subscribe',
  AUDIT_READ: 'audit:read',
  AUDIT_EXPORT: 'audit:export',
  ORGANISATION_MANAGE: 'organisation:manage',
  WEBHOOKS_MANAGE: 'webhooks:manage',
  ALERTS_SEND: 'alerts:send',
  ACT_AS: 'act:as',
}

/** Every scope there is, in the order of the SDL. */
export const scopes = Object.keys(wire) as readonly Scope[]

/** `INCIDENTS_READ` → `incidents:read`. */
export const toWire = (scope: Scope): WireScope => wire[scope]

/** `incidents:read` → `INCIDENTS_READ`; undefined for what is no scope. */
export const fromWire = (text: string): Scope | undefined =>
  scopes.find(scope => wire[scope] === text)

/** The refusal of who lacks a scope: told as `keys create` takes it, and as the schema names it. */
export const lacking = (scope: Scope) =>
  new Rejected('SCOPE_MISSING', `This needs ${toWire(scope)}.`, { needs: scope })

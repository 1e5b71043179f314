/** What a credential may try, as events, the command line and tokens write it. */
export const scopes = [
  'incidents:read',
  'incidents:write',
  'incidents:admin',
  'events:subscribe',
  'audit:read',
  'audit:export',
  'organisation:manage',
  'webhooks:manage',
  'alerts:send',
  'act:as',
] as const
export type ScopeName = (typeof scopes)[number]

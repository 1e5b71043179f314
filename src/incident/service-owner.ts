/** Who looks after a service, and whom to call about it (domain row 41). */
export interface ServiceOwner {
  readonly name: string
  readonly team?: string
  /** Ids of people. */
  readonly owners: readonly string[]
  readonly contacts: readonly Contact[]
  /** Whom to go to next, and after how many minutes without an answer. */
  readonly escalation: readonly EscalationTier[]
  readonly retiredAt?: string
}
export interface Contact {
  readonly kind: ContactKind
  readonly value: string
}
export const contactKinds = ['CHAT', 'PHONE', 'EMAIL', 'PAGER', 'LINK'] as const
export type ContactKind = (typeof contactKinds)[number]
export interface EscalationTier {
  readonly people: readonly string[]
  readonly afterMinutes: number
}
/** By the service's key, the retired ones too. */
export type ServiceOwners = ReadonlyMap<string, ServiceOwner>

import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsUUID } from 'class-validator'
import { Instant, Line, PersonRef, Reason } from '../decider/bounds.js'
import { type Facet, Rejected, fact } from '../decider/facet.js'
import { put } from '../decider/kept-map.js'
import { knownPerson } from './known-person.js'
import type { Organisation } from './organisation.js'
import { type ScopeName, scopes } from './scopes.js'

export interface ApiKey {
  readonly label: string
  /** SHA-256 of the secret, in hex; the secret itself is kept nowhere. */
  readonly digest: string
  readonly scopes: readonly ScopeName[]
  /** The person that the key acts as; without one it acts as itself. */
  readonly owner?: string
  readonly expiresAt?: string
  readonly createdAt: string
  readonly revokedAt?: string
}
export type ApiKeys = ReadonlyMap<string, ApiKey>

const keysMax = 10_000

export class CreateApiKey {
  @Line(100) label!: string
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(scopes.length)
  @IsIn(scopes, { each: true })
  scopes!: ScopeName[]
  @IsOptional() @PersonRef() owner?: string
  @IsOptional() @Instant() expiresAt?: string
}
export class RevokeApiKey {
  @IsUUID() keyId!: string
  @IsOptional() @Reason() reason?: string
}
export interface KeyCommands {
  CreateApiKey: CreateApiKey
  RevokeApiKey: RevokeApiKey
}
export interface KeyEvents {
  ApiKeyCreated: {
    keyId: string
    label: string
    digest: string
    scopes: readonly ScopeName[]
    owner?: string
    expiresAt?: string
  }
  ApiKeyRevoked: { keyId: string; reason?: string }
}

export const keys: Facet<Organisation, ApiKeys, KeyCommands, KeyEvents> = {
  initial: new Map(),
  payloads: { CreateApiKey, RevokeApiKey },
  may: { CreateApiKey: () => {}, RevokeApiKey: () => {} },
  after: { CreateApiKey: () => undefined, RevokeApiKey: () => undefined },
  decide: {
    CreateApiKey(organisation, { label, scopes, owner, expiresAt }, context) {
      if (organisation.keys.size >= keysMax)
        throw new Rejected('LIMIT_REACHED', `At most ${keysMax} keys can be made.`)
      if (expiresAt !== undefined && expiresAt <= context.clock)
        throw new Rejected('INVALID_INPUT', 'A key has to expire in the future.', {
          fields: ['expiresAt'],
        })
      const data = {
        keyId: context.made.keyId!,
        label,
        digest: context.made.secretDigest!,
        scopes: [...new Set(scopes)].toSorted(),
        ...(owner !== undefined && { owner: knownPerson(organisation, owner) }),
        ...(expiresAt !== undefined && { expiresAt }),
      }
      return [{ type: 'ApiKeyCreated', data }]
    },
    RevokeApiKey({ keys }, { keyId, reason }) {
      const key = keys.get(keyId)
      if (!key) throw new Rejected('KEY_NOT_FOUND', 'There is no such key.', { keyId })
      if (key.revokedAt !== undefined) return []
      return [{ type: 'ApiKeyRevoked', data: { keyId, ...(reason !== undefined && { reason }) } }]
    },
  },
  evolve: {
    ApiKeyCreated: (keys, { data: { keyId, ...key }, occurredAt }) =>
      put(keys, keyId, { ...key, createdAt: occurredAt }),
    ApiKeyRevoked(keys, { data: { keyId }, occurredAt }) {
      const key = keys.get(keyId)
      return key ? put(keys, keyId, { ...key, revokedAt: occurredAt }) : keys
    },
  },
  narrate: {
    ApiKeyCreated: ({ data, actor }, name) =>
      fact(
        `${name(actor)} made the key “${data.label}”${data.owner ? ` for ${name(data.owner)}` : ''}`,
      ),
    ApiKeyRevoked: ({ data, actor }, name, { keys }) =>
      fact(
        `${name(actor)} revoked the key “${keys.get(data.keyId)?.label ?? data.keyId}”${
          data.reason ? `: ${data.reason}` : ''
        }`,
      ),
  },
  sensitive: {
    ApiKeyCreated: {
      keyId: 'PLAIN',
      label: 'TEXT',
      digest: 'PLAIN',
      scopes: 'PLAIN',
      owner: 'PERSON',
      expiresAt: 'PLAIN',
    },
    ApiKeyRevoked: { keyId: 'PLAIN', reason: 'TEXT' },
  },
}

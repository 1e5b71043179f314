import type { Config } from '../config.js'
import { fromWire, scopes, toWire } from '../auth/scopes.js'
import type { ApiKey } from '../schema.generated.js'
import { Complaint } from './complaint.js'
import { keyDocuments } from './key-documents.js'
import { withKnownLedger } from './ledger.js'

interface Wanted {
  readonly label: string
  readonly scope: readonly string[]
  readonly owner?: string
  readonly expires?: string
}

/** Makes a key and prints its secret, which is shown this once. */
export async function createKey(
  config: Config,
  { label, scope, owner, expires }: Wanted,
): Promise<void> {
  const input = { label, scopes: scope.map(known), owner, expiresAt: expires }
  const { createApiKey } = await withKnownLedger(config, ledger =>
    ledger.ask<{ createApiKey: { secret: string; key: ApiKey } }>(keyDocuments.create, { input }),
  )
  console.error(`Key ${createApiKey.key.id}. Its secret is shown this once:`)
  console.log(createApiKey.secret)
}

/** All keys, the newest first. */
export async function listKeys(config: Config): Promise<void> {
  await withKnownLedger(config, async ledger => {
    let after: string | null = null
    do {
      const { apiKeys }: { apiKeys: Keys } = await ledger.ask(keyDocuments.list, { after })
      for (const key of apiKeys.nodes) console.log(told(key))
      after = apiKeys.pageInfo.hasNextPage ? apiKeys.pageInfo.endCursor : null
    } while (after)
  })
}

/** Ends a key at once. */
export async function revokeKey(config: Config, keyId: string, reason?: string): Promise<void> {
  await withKnownLedger(config, ledger =>
    ledger.ask(keyDocuments.revoke, { input: { keyId, reason } }),
  )
  console.log(`Key ${keyId} is revoked.`)
}

interface Keys {
  nodes: ApiKey[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

const told = ({ id, label, scopes, owner, expiresAt, revokedAt }: ApiKey) =>
  [
    id,
    revokedAt ? `revoked ${revokedAt}` : expiresAt ? `until ${expiresAt}` : 'valid',
    owner?.handle ?? '-',
    label,
    scopes.map(toWire).join(' '),
  ].join('  ')

function known(scope: string) {
  const found = fromWire(scope)
  if (!found)
    throw new Complaint(
      `${scope} is no scope. There are: ${scopes.map(toWire).join(', ')}; several go with spaces between.`,
    )
  return found
}

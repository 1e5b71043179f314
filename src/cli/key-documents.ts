/**
 * What the command line asks of a running ledger; it may, whatever documents clients are held to. Pages are as
 * large as the least `LEDGER_LIMIT_COST` lets them be.
 */
export const keyDocuments = {
  create: `mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret key { id } } }`,
  list: `query Keys($after: Cursor) { apiKeys(first: 30, after: $after) {
    nodes { id label scopes owner { handle } createdAt expiresAt revokedAt }
    pageInfo { hasNextPage endCursor } } }`,
  revoke: `mutation RevokeKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) { revision } }`,
}

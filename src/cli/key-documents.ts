/** What the command line asks of a running ledger; it may, whatever documents clients are held to. */
export const keyDocuments = {
  create: `mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret key { id } } }`,
  list: `query Keys($after: Cursor) { apiKeys(first: 100, after: $after) {
    nodes { id label scopes owner { handle } createdAt expiresAt revokedAt }
    pageInfo { hasNextPage endCursor } } }`,
  revoke: `mutation RevokeKey($input: RevokeApiKeyInput!) {
    revokeApiKey(input: $input) { revision } }`,
}

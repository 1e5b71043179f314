import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type AuditResult, auditServer } from 'graphql-http'
import { type App, startApp } from '../support/app.js'

const inAddresses = 'Documents and variables do not belong into addresses, which proxies log.'
const not200 = 'What is refused is 4xx whatever is accepted, so that a proxy sees it too.'

/** What the draft of GraphQL over HTTP would like or allows, and the ledger does not do, and why. */
const declined: Readonly<Record<string, string>> = {
  'MAY accept application/x-www-form-urlencoded formatted GET requests': inAddresses,
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json':
    inAddresses,
  'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json':
    inAddresses,
  'SHOULD use 200 status code on document parsing failure when accepting application/json': not200,
  'SHOULD use 200 status code on document validation failure when accepting application/json':
    not200,
  'SHOULD use a status code of 200 on variable coercion failure when accepting application/json':
    not200,
}

let app: App
let results: AuditResult[]
beforeAll(async () => {
  app = await startApp()
  const authorization = `Bearer ${app.secrets['alice']}`
  const fetchFn = (url: string, init: RequestInit = {}) =>
    fetch(url, { ...init, headers: { ...(init.headers as object), authorization } })
  results = await auditServer({ url: `${app.url}/graphql`, fetchFn })
})
afterAll(() => app.close())

test('every MUST of the audit of GraphQL over HTTP holds', () => {
  expect(results.filter(({ name }) => name.startsWith('MUST')).length).toBeGreaterThan(10)
  expect(results.filter(({ status }) => status === 'error').map(({ name }) => name)).toEqual([])
})

test('of what it would like, what is declined has a reason', () => {
  const open = results.filter(({ status }) => status === 'warn' || status === 'notice')
  expect(open.map(({ name }) => name).toSorted()).toEqual(Object.keys(declined).toSorted())
})

import { expect, jest, test } from '@jest/globals'
import { mistakeIn, withoutSecrets } from '../../../src/event-store/eventstoredb/settings.js'

test.each([
  'esdb://localhost:2113?tls=false',
  'esdb://localhost',
  'esdb://localhost/',
  'esdb+discover://cluster.example.org:2113',
  'esdb://a:2113,b:2113,c:2113?nodePreference=leader&tls=true',
  'esdb://ledger:s%40cret%3A@a.example.org:2113?tlsVerifyCert=true&keepAliveInterval=10000',
  'esdb://localhost:2113?TLS=false&default-deadline=5000&connection_name=ledger',
])('%s has no mistake', url => {
  expect(mistakeIn(url)).toBeUndefined()
})

const warned = jest.spyOn(console, 'warn').mockImplementation(() => {})

test.each([
  ['', 'esdb://'],
  ['localhost:2113', 'esdb://'],
  ['http://admin:changeit@localhost:2113', 'esdb://'],
  ['esdb://', 'expected esdb://'],
  ['esdb://admin:changeit@', 'expected host'],
  ['esdb://admin:changeit@localhost:port', 'expected port number'],
  ['esdb://admin@localhost', 'Credentials'],
  ['esdb://admin:change@it@localhost', 'Credentials'],
  ['esdb://admin:changeit@localhost?tls=maybe', 'expected true or false'],
  ['esdb://admin:changeit@localhost?keepAliveTimeout=soon', 'expected Integer'],
  ['esdb://admin:changeit@localhost?nodePreference=best', 'or random'],
  ['esdb://admin:changeit@localhost?secure=true', 'not known: secure'],
  ['esdb://admin:changeit@localhost?tls', 'name=value'],
  ['esdb://admin:changeit@localhost?tls=&x=1', 'name=value'],
  ['esdb://admin:changeit@localhost?tls=true?x=1', 'expected'],
  ['esdb://admin:changeit@localhost?tlsVerifyCert=false', 'tlsCAFile'],
  ['esdb://admin:changeit@localhost?tlsCAFile=/nowhere/ca.pem', 'certificate'],
  ['esdb://admin:changeit@localhost?userCertFile=/nowhere/a.pem', 'cannot use it'],
])('%s has one: %s', (url, told) => {
  const mistake = mistakeIn(url)
  expect(mistake).toContain(told)
  expect(mistake).not.toMatch(/changeit|admin|\n/)
  // The client prints the whole string of what it does not know.
  expect(warned).not.toHaveBeenCalled()
})

test.each([
  ['esdb://admin:changeit@localhost:2113?tls=false', 'esdb://localhost:2113'],
  ['esdb://a:2113,b:2113?tls=false', 'esdb://a:2113,b:2113'],
  ['esdb+discover://admin:p@ss/word@cluster/', 'esdb+discover://cluster'],
  ['esdb://admin:chang/eit@localhost', 'esdb://localhost'],
  ['admin:changeit@localhost', 'EventStoreDB'],
])('%s is named %s in messages', (url, named) => {
  expect(withoutSecrets(url)).toBe(named)
})

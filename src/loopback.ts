import { isIPv4 } from 'node:net'

/** Only this machine can reach an address like this. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

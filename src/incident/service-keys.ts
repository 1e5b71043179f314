import { ArrayMaxSize, IsArray, IsString, Matches } from 'class-validator'

const servicesMax = 50
const serviceKey = /^[a-z0-9](?:[a-z0-9._/-]{0,98}[a-z0-9])?$/

/** The key of one service, such as `checkout-api`. */
export const ServiceKey = () => Matches(serviceKey)

/** A list of service keys. */
export const ServiceKeys = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMaxSize(servicesMax)(target, field)
  IsString({ each: true })(target, field)
  Matches(serviceKey, { each: true })(target, field)
}

/** Without repeats and in one order, so that the same services are the same list. */
export const sorted = (services: readonly string[]) => [...new Set(services)].toSorted()

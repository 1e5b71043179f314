import {
  ArrayMaxSize,
  IsArray,
  IsISO8601,
  IsString,
  IsUrl,
  Length,
  Matches,
  MaxLength,
  type ValidationOptions,
} from 'class-validator'

type Decorator = (target: object, field: string) => void
const both =
  (...decorators: PropertyDecorator[]): Decorator =>
  (target, field) =>
    decorators.forEach(decorate => decorate(target, field))

/** One line that says something: no control characters, not only spaces and what is invisible. */
export const Line = (max: number, options?: ValidationOptions) =>
  both(
    IsString(options),
    Length(1, max, options),
    Matches(/^(?=.*[^\s\p{C}])[^\p{Cc}\u2028\u2029]*$/u, options),
  )

/** Prose: as a line, but with line breaks and tabs. */
export const Prose = (max: number, options?: ValidationOptions) =>
  both(
    IsString(options),
    Length(1, max, options),
    Matches(/^(?=[^]*[^\s\p{C}])(?:[^\p{Cc}]|[\n\r\t])*$/u, options),
  )

/** Why something is done. */
export const Reason = () => Prose(1000)

/** The key by which something is defined once for all, such as `database-failover`. */
export const DefinitionKey = () => Matches(/^[a-z0-9](?:[a-z0-9_-]{0,48}[a-z0-9])?$/)

/** A person's id or handle, as it is given; who that is, the directory says. */
export const PersonRef = () => Line(100)

/** Several of them. */
export const PersonRefs = (max: number) =>
  both(IsArray(), ArrayMaxSize(max), IsString({ each: true }), Length(1, 100, { each: true }))

/** Only what a browser may follow safely: never `javascript:` or `data:`, and no password in it. */
const web = {
  protocols: ['http', 'https'],
  require_protocol: true,
  require_tld: false,
  disallow_auth: true,
}
export const WebAddress = (options?: ValidationOptions) =>
  both(IsUrl(web, options), MaxLength(2000, options))

/** An instant that there is, in the one form in which it is stored. */
export const Instant = () =>
  both(
    Matches(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    IsISO8601({ strict: true, strictSeparator: true }),
  )

/** A day that there is: `2026-01-31`. */
export const Day = () => both(Matches(/^\d{4}-\d\d-\d\d$/), IsISO8601({ strict: true }))

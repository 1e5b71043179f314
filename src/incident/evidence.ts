import { IsOptional } from 'class-validator'
import { Line, WebAddress } from '../decider/bounds.js'

/** What shows that something is so. */
export class Evidence {
  @WebAddress() url!: string
  @IsOptional() @Line(200) label?: string
}
/** With one entry. */
export const evidenceMax = 20

/** The same as it is stored. */
export type Shown = readonly { readonly url: string; readonly label?: string }[]

import type { Attachment } from '../incident/attachments.js'
import type { StreamEvent } from './incident-at.js'

/** Something to look at. */
export interface Shown {
  readonly url: string
  readonly label: string | null
  readonly sha256: string | null
  /** The event that attached it; null if it was recorded with the entry. */
  readonly attachedBy: string | null
}

interface Given {
  readonly url?: unknown
  readonly label?: unknown
}

/** What shows an entry: the evidence that came with it, or the link that was added. Erased, it shows nothing. */
export function evidenceOf(event: StreamEvent): Shown[] {
  const { evidence } = event.data as { readonly evidence?: unknown }
  const given = event.type === 'LinkAdded' ? [event.data] : evidence
  return Array.isArray(given) ? given.flatMap(shown) : []
}

const shown = ({ url, label }: Given): Shown[] =>
  isWebAddress(url)
    ? [{ url, label: typeof label === 'string' ? label : null, sha256: null, attachedBy: null }]
    : []

/** Evidence that was attached to an entry. */
export const attachmentOf = ({ id, url, sha256, caption }: Attachment): Shown[] =>
  shown({ url, label: caption }).map(one => ({ ...one, sha256: sha256 ?? null, attachedBy: id }))

/** Asked again on the way out: an address that a reader clicks must be nothing else. */
const isWebAddress = (url: unknown): url is string =>
  typeof url === 'string' && /^https?:\/\/[^\s<>]+$/i.test(url)

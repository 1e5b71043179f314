import type { StoredEvent } from '../event-store/stored-event.js'
import { cloudEvent } from './cloud-event.js'
import { eventSchemas, schemaUrl } from './event-schemas.js'

export interface Told {
  /** The wire type. */
  readonly type: string
  readonly json: string
}

/** Events as feeds tell them, each made once for all who are told the same. */
export class CloudEvents {
  readonly schemas = eventSchemas()
  readonly #made = new WeakMap<StoredEvent, Told & { readonly publicUrl: string }>()

  /** `publicUrl` is where the one who asks reaches the ledger. */
  told(event: StoredEvent, publicUrl: string): Told {
    const known = this.#made.get(event)
    if (known?.publicUrl === publicUrl) return known
    const made = cloudEvent(event, type =>
      this.schemas.has(type) ? schemaUrl(publicUrl, type) : undefined,
    )
    const told = { type: made.type, json: JSON.stringify(made), publicUrl }
    this.#made.set(event, told)
    return told
  }
}

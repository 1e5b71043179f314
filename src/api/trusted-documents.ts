import type { GraphQLRequest } from '@apollo/server'
import { Logger } from '@nestjs/common'
import type { GraphQLError } from 'graphql'
import { refusal } from './errors.js'
import { type Manifest, idOf } from './manifest.js'
import type { DocumentMode } from '../settings.js'

/** Documents that are asked without being trusted are logged once each, and so many of them. */
const loggedMax = 1000

/** Documents that the operator knows: named by their hash, and, where required, the only ones that run. */
export class TrustedDocuments {
  readonly #texts: ReadonlySet<string>
  readonly #logged = new Set<string>()
  readonly #log = new Logger('documents')
  #trusted = 0
  #others = 0

  constructor(
    private readonly mode: DocumentMode,
    private readonly manifest: Manifest,
  ) {
    this.#texts = new Set(manifest.values())
  }

  /** Requests with a document of the manifest. */
  get trusted(): number {
    return this.#trusted
  }
  /** Requests with another document, and those that were refused. */
  get others(): number {
    return this.#others
  }

  /** Puts the document that a request names in its place. The refusal if none may run. */
  admit(request: GraphQLRequest): GraphQLError | undefined {
    if (this.mode === 'off') return undefined
    const id = namedBy(request)
    if (!request.query && id !== undefined) {
      const named = this.manifest.get(id)
      if (named === undefined) return this.#refused(notFound())
      request.query = named
    }
    if (request.extensions) delete request.extensions.persistedQuery
    // What names no document and holds none is told so by GraphQL.
    if (!request.query) return undefined
    if (this.#texts.has(request.query)) this.#trusted++
    else if (this.mode === 'required') return this.#refused(notTrusted())
    else this.#note(request.query)
    return undefined
  }

  #refused(error: GraphQLError): GraphQLError {
    this.#others++
    return error
  }

  #note(document: string): void {
    this.#others++
    if (this.#logged.size >= loggedMax) return
    const sha256 = idOf(document)
    if (this.#logged.has(sha256)) return
    this.#logged.add(sha256)
    this.#log.warn({ sha256 }, 'A document is asked that is not in the manifest')
  }
}

/** As Apollo's clients name a document, or as the draft of GraphQL over HTTP does. */
function namedBy({ extensions, http }: GraphQLRequest): string | undefined {
  const hash: unknown = extensions?.persistedQuery?.sha256Hash
  if (typeof hash === 'string') return hash
  const { documentId } = (http?.body ?? {}) as { documentId?: unknown }
  return typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : undefined
}

/** In the words by which Apollo's clients know that they have to send the document itself. */
const notFound = () => refusal('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', 400)
const notTrusted = () =>
  refusal('DOCUMENT_NOT_TRUSTED', 'Only documents of the manifest are run here.', 400)

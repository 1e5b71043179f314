import type { DocumentNode, GraphQLSchema } from 'graphql'

/** Characters of all documents kept; parsed, the densest are about 200 times as large. */
const charactersMax = 256 * 1024

/** Documents that were found valid, by their text, the least recently asked leaving first. */
export class Documents {
  readonly #byText = new Map<string, DocumentNode>()
  readonly #valid = new WeakSet<DocumentNode>()
  #characters = 0

  get(text: string): DocumentNode | undefined {
    const document = this.#byText.get(text)
    if (!document) return undefined
    this.#byText.delete(text)
    this.#byText.set(text, document)
    return document
  }

  has(document: DocumentNode): boolean {
    return this.#valid.has(document)
  }

  add(document: DocumentNode): void {
    this.#valid.add(document)
    const text = document.loc?.source.body
    if (text === undefined || this.#byText.has(text)) return
    this.#byText.set(text, document)
    this.#characters += text.length
    for (const oldest of this.#byText.keys()) {
      if (this.#characters <= charactersMax) break
      this.#byText.delete(oldest)
      this.#characters -= oldest.length
    }
  }
}

const ofSchema = new WeakMap<GraphQLSchema, Documents>()

/** What is known to be valid is so for one schema only. */
export function documentsOf(schema: GraphQLSchema): Documents {
  const known = ofSchema.get(schema) ?? new Documents()
  ofSchema.set(schema, known)
  return known
}

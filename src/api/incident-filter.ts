import type { Directory } from '../commands/directory.js'
import type { IncidentFilter } from '../schema.generated.js'
import type { OperationContext } from './pipeline.js'
import type { Sight } from './sight.js'

/** A filter as the views know it: people by their ids, and no parent that is not there for who asks. */
export async function filterOf(
  filter: IncidentFilter | null | undefined,
  context: OperationContext,
  operation: string,
  { directory, sight }: { readonly directory: Directory; readonly sight: Sight },
): Promise<IncidentFilter> {
  const commander =
    filter?.commander == null ? {} : { commander: directory.person(filter.commander) }
  const parent =
    filter?.parent == null
      ? {}
      : { parent: await sight.id(filter.parent.toLowerCase(), context, operation) }
  const fields = filter?.customFields?.map(({ key, value: { person, ...value } }) => ({
    key,
    value: person == null ? value : { person: directory.person(person) },
  }))
  return { ...filter, ...commander, ...parent, ...(fields && { customFields: fields }) }
}

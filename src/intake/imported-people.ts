import type { Asked } from '../commands/asked.js'
import { type Directory, organisationStream } from '../commands/directory.js'
import type { OrganisationStreams } from '../commands/handle-organisation.js'
import { importedPerson } from '../organisation/imported-people.js'

/** Whom a history names, registered once by each name: ids by names. */
export async function importedPeople(
  names: ReadonlySet<string>,
  asked: Asked,
  streams: OrganisationStreams,
  directory: Directory,
): Promise<ReadonlyMap<string, string>> {
  for (const name of names)
    await streams.execute(organisationStream, { type: 'ImportPerson', data: { name } }, asked)
  if (names.size > 0) await directory.refresh()
  return new Map([...names].map(name => [name, importedPerson(directory.people, name)!]))
}

import { Rejected } from '../decider/facet.js'
import type { SettledValue } from '../incident/custom-field.js'
import type { Incident } from '../incident/incident.js'
import type { IncidentFilter } from '../schema.generated.js'
import type { ReadModel } from './read-model.js'
import { prepared } from './statements.js'

/** A label as it is looked up. */
const tagOfLabel = (label: string) => `label ${label}`

/** What a custom field says as it is looked up: each chosen option by itself, any other value whole. */
const tagsOfField = (key: string, { options, ...value }: SettledValue): string[] =>
  options
    ? options.map(option => `field ${key} options ${option}`)
    : [`field ${key} ${JSON.stringify(value)}`]

const tagsOf = ({ labels, customFields }: Incident): string[] => [
  ...labels.all.map(tagOfLabel),
  ...[...customFields].flatMap(([key, { value }]) => (value ? tagsOfField(key, value) : [])),
]

/** What incidents are found by that the organisation says of them: a row for each label and value. */
export const incidentTags: ReadModel = {
  name: 'incident-tags',
  ddl: `
    create table incident_tag(
      tag text not null, incident text not null, primary key(tag, incident)) without rowid;
    create index incident_tag_of_incident on incident_tag(incident)`,
  apply(db, { id, before, incident }) {
    const isSame =
      before?.labels === incident.labels && before.customFields === incident.customFields
    if (isSame) return
    prepared(db, 'delete from incident_tag where incident = ?').run(id)
    for (const tag of new Set(tagsOf(incident)))
      prepared(db, 'insert into incident_tag values (?, ?)').run(tag, id)
  },
}

const labelsMax = 50
const fieldsMax = 10

/** What the labels and fields of a filter ask; `customFields` holds people's ids. */
export function tagged({ labels, customFields }: IncidentFilter) {
  if ((labels?.length ?? 0) > labelsMax || (customFields?.length ?? 0) > fieldsMax)
    throw new Rejected('INVALID_INPUT', `At most ${labelsMax} labels and ${fieldsMax} fields.`, {
      fields: ['labels', 'customFields'],
    })
  const tags = [
    ...(labels ?? []).map(tagOfLabel),
    ...(customFields ?? []).flatMap(({ key, value }) => tagsOfField(key, value as SettledValue)),
  ]
  return [...new Set(tags)].map(tag => ({
    where: 'exists (select 1 from incident_tag where tag = ? and incident = incident_list.id)',
    values: [tag],
    ids: 'select incident from incident_tag where tag = ?',
  }))
}

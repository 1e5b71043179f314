import { Args, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { type IncidentType, incidentTypes } from '../incident/incident-kinds.js'
import type { SeverityLevel } from '../incident/severity-levels.js'
import { previewAnswer, rotationAnswer, scaleAnswer, typeAnswer } from './rules.answer.js'

/** What was agreed on before anything happens. */
@Resolver()
export class RulesResolver {
  constructor(private readonly directory: Directory) {}

  @Query()
  severityScale(@Args('version') version: number | null | undefined) {
    return scaleAnswer(this.directory, version ?? undefined)
  }

  @Query()
  rotationPolicy() {
    return rotationAnswer(this.directory)
  }

  @Query()
  incidentTypes() {
    return incidentTypes.map(type => typeAnswer(type, this.directory))
  }

  @Query()
  routePreview(@Args() { type, severity }: { type: IncidentType; severity: SeverityLevel | null }) {
    return previewAnswer(type, severity ?? 'UNDETERMINED', this.directory)
  }
}

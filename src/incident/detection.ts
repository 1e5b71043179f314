import { IsIn } from 'class-validator'
import { type Facet, fact } from '../decider/facet.js'
import { requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'

export const detectionSources = ['MONITORING', 'EMPLOYEE', 'CUSTOMER', 'PARTNER', 'SOCIAL'] as const
export type DetectionSource = (typeof detectionSources)[number]

/** When each kind of source first noticed it, as recorded (domain row 16). */
export type Detection = ReadonlyMap<DetectionSource, string>

export class RecordDetection {
  @IsIn(detectionSources) source!: DetectionSource
}
export interface DetectionCommands {
  RecordDetection: RecordDetection
}
export interface DetectionEvents {
  DetectionRecorded: { source: DetectionSource }
}

/** That somebody noticed it happened when it is claimed to have, mostly before the declaration. */
export const detection: Facet<Incident, Detection, DetectionCommands, DetectionEvents> = {
  initial: new Map(),
  payloads: { RecordDetection },
  may: { RecordDetection: requireNotDismissed },
  after: { RecordDetection: () => undefined },
  decide: {
    RecordDetection: ({ detection }, { source }, { now }) =>
      isKnown(detection, source, now) ? [] : [{ type: 'DetectionRecorded', data: { source } }],
  },
  evolve: {
    DetectionRecorded: (detection, { data: { source }, occurredAt: at }) =>
      isKnown(detection, source, at) ? detection : new Map(detection).set(source, at),
  },
  narrate: {
    DetectionRecorded: ({ data: { source }, actor }, name) =>
      fact(
        `${sourceWords[source]} noticed it${actor.type === 'SYSTEM' ? '' : `, says ${name(actor)}`}`,
      ),
  },
  sensitive: { DetectionRecorded: {} },
}

/** As a sentence that begins with a source calls it. */
const sourceWords: Record<DetectionSource, string> = {
  MONITORING: 'Monitoring',
  EMPLOYEE: 'An employee',
  CUSTOMER: 'A customer',
  PARTNER: 'A partner',
  SOCIAL: 'Somebody on social media',
}

/** Only the first time that a kind of source noticed it says something. */
function isKnown(detection: Detection, source: DetectionSource, at: string): boolean {
  const first = detection.get(source)
  return first !== undefined && first <= at
}

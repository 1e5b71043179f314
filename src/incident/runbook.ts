/** Steps that were thought out before (domain row 53); versions count from 1. */
export interface Runbook {
  readonly version: number
  readonly name: string
  readonly description?: string
  /** Step by step; else in any order. */
  readonly inOrder: boolean
  readonly steps: readonly RunbookStep[]
  readonly retiredAt?: string
}
export interface RunbookStep {
  /** Of this step among the others, such as `fail-over`. */
  readonly key: string
  readonly title: string
  readonly instructions?: string
  /** A second person must approve before it is done. */
  readonly needsApproval: boolean
}
/** By key, the retired ones too. */
export type Runbooks = ReadonlyMap<string, Runbook>

/** Several people under one name (domain row 47): known as one, so that it is refused where one person is meant. */
export interface Group {
  readonly name: string
  /** Ids of people. */
  readonly members: readonly string[]
  readonly retiredAt?: string
}
/** By handle, which is no person's; the retired ones too. */
export type Groups = ReadonlyMap<string, Group>

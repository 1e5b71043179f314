/** How long one may be on before somebody else shall be (domain row 25). */
export interface RotationPolicy {
  readonly maxMinutes: number
}
/** Where nobody has said otherwise. */
export const usualRotation: RotationPolicy = { maxMinutes: 90 }

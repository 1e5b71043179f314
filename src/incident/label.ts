import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Matches } from 'class-validator'

/** On one incident at a time. */
export const labelsMax = 50
/** A key as services have it, and after a colon what it is: any words that begin and end visibly. */
const label =
  /^[a-z0-9](?:[a-z0-9._/-]{0,48}[a-z0-9])?(?::[^\s\p{C}](?:[^\p{C}\u2028\u2029]{0,98}[^\s\p{C}])?)?$/u

/** Some labels, such as `false-alarm` or `customer:Acme Inc.`. */
export const LabelList = () => (target: object, field: string) => {
  IsArray()(target, field)
  ArrayMinSize(1)(target, field)
  ArrayMaxSize(labelsMax)(target, field)
  IsString({ each: true })(target, field)
  Matches(label, { each: true })(target, field)
}

/** Each once, in one order, so that the same labels are the same list. */
export const sortedLabels = (labels: readonly string[]) => [...new Set(labels)].toSorted()

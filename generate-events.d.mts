export function generateEventSchemas(check: boolean): Promise<void>
export function isGrown(before: object, after: object): boolean

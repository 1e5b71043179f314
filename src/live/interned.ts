/**
 * The same text, as the one that the engine keeps for all equal names of properties, as long as anybody holds
 * it: thousands hold it in the room of one, and whether two are the same is seen without reading them.
 */
export const interned = (text: string): string => Object.keys({ [text]: null })[0]!

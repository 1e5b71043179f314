/**
 * Copies objects that have these members and no others. `{ ...one }` V8 does name by name from some thirty
 * members on, which takes 1.3 µs for 56; a function that names them itself takes a thirtieth.
 */
export function copier<Whole extends object>(
  names: readonly (keyof Whole & string)[],
): (one: Whole) => Whole {
  const members = names.map(name => JSON.stringify(name)).map(name => `${name}: one[${name}]`)
  return new Function('one', `return { ${members.join(', ')} }`) as (one: Whole) => Whole
}

/** Chance that can be had again: mulberry32, from a seed of 32 bits. */
export function chance(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** From 0 up to, not including. */
    below: max => Math.floor(next() * max),
    one: list => list[Math.floor(next() * list.length)],
    /** A source of its own, so that who draws first changes nothing. */
    apart: () => chance(Math.floor(next() * 2 ** 32)),
  }
}

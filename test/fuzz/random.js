/** A generator that gives the same numbers for the same seed, so that what failed can be had again (splitmix32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return {
    /** A whole number from 0 and below `limit`. */
    below: (limit) => next() % limit,
    of: (choices) => choices[next() % choices.length],
  };
}

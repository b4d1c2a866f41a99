/** Draws a whole number from 0 to below `limit`. */
export type Draw = (limit: number) => number;

/** Returns draws that are the same for the same seed (mulberry32). */
export function seeded(seed: number): Draw {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** A seed that can be given again. */
export const newSeed = () => Date.now() % 1_000_000;

/** The same numbers from 0 to 1 for the same seed. */
export function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

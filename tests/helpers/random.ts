/** A seed from the environment, to have the same again, or a new one. */
export const seedFrom = (variable: string): number => Number(process.env[variable] ?? Date.now() % 1_000_000);

/** Numbers from 0 to 1, the same ones for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

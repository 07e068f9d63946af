/** How far back failures of an app count. */
export const RESTART_WINDOW_MS = 10 * 60_000;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** After how long to start again what has failed, or null to give it up. `recent` are the starts within the window. */
export function nextRestart({ recent, most }: { recent: number; most: number }): { afterMs: number } | null {
  return recent >= most ? null : { afterMs: Math.min(FIRST_WAIT_MS * 2 ** recent, LONGEST_WAIT_MS) };
}

/** How a failure that may pass by itself is tried again. */
interface Retrying {
  /** Tries after the first. */
  tries: number;
  firstWaitMs: number;
  longestWaitMs: number;
}

const SHORTLY: Retrying = { tries: 4, firstWaitMs: 2_000, longestWaitMs: 30_000 };
const PATIENTLY: Retrying = { tries: 4, firstWaitMs: 30_000, longestWaitMs: 300_000 };

/**
 * Only what another try can change. What is missing, forbidden, in conflict or full is the same the next time, and so
 * is everything that is not named here.
 */
const RETRIED: Readonly<Record<string, Retrying>> = {
  "name-not-resolved": { ...SHORTLY, tries: 3 },
  "connection-refused": SHORTLY,
  "connection-timeout": SHORTLY,
  "connection-lost": SHORTLY,
  "too-many-requests": PATIENTLY,
  "server-unavailable": { ...PATIENTLY, firstWaitMs: 10_000 },
};

export const retriedCodes: readonly string[] = Object.keys(RETRIED);

/** What a server may say about when to come again is believed up to here. */
const MOST_PATIENCE_MS = 15 * 60_000;

export interface LastTry {
  code: string;
  /** How often it was tried again already. */
  retried: number;
  /** What the server said, when it did. */
  retryAfterMs?: number;
  /** From 0 to 1: spreads those that failed at the same moment. */
  spread?: number;
}

interface NextTry {
  afterMs: number;
  /** How often it is tried again at most. */
  most: number;
}

/** After how long to try again, or null when that would not help any more. Waits double. */
export function nextTry({ code, retried, retryAfterMs, spread = 0.5 }: LastTry): NextTry | null {
  const retrying = Object.hasOwn(RETRIED, code) ? RETRIED[code] : undefined;
  if (retrying === undefined || retried >= retrying.tries) return null;
  if (retryAfterMs !== undefined && retryAfterMs > MOST_PATIENCE_MS) return null;
  const waitMs = Math.min(retrying.firstWaitMs * 2 ** retried, retrying.longestWaitMs);
  const afterMs = Math.max(Math.round(waitMs * (0.75 + spread / 2)), retryAfterMs ?? 0);
  return { afterMs, most: retrying.tries };
}

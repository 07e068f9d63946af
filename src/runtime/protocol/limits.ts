/**
 * How much of what apps say goes into processes that all share. What an app writes is measured where it comes in, so
 * that whatever it says, a frame holds it, a person can read it, and nobody else is slowed down by it.
 */

/** Largest frame that sidecar, runners and clients accept. A snapshot of many apps and runs must fit. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Largest frame a launcher host may send: it runs the code of apps, which may write in its place. */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/** Values that scripts pass on (memory, results, questions): sixty of the largest fit into one frame. */
export const PLAIN_DATA = {
  /** Deeper than data that anybody builds on purpose, and shallow enough for every recursive reader. */
  deepest: 32,
  mostValues: 50_000,
  /** In all texts and keys together. */
  mostCharacters: 256 * 1024,
} as const;

/** Of a script's output, what another script gets of it: it travels in one frame and is kept in memory. */
export const LAST_OUTPUT_BYTES = 256 * 1024;

/** What a launcher answers. */
export const LAUNCHER = {
  /** Deeper than any menu that a host that was left alone would send. */
  mostLevels: 100,
  /** A menu is told to every client with each change of its app. */
  menuBytes: 768 * 1024,
  /** A picture is read whole and told as text, which is a third longer. */
  iconBytes: 200_000,
  title: 200,
  description: 10_000,
  message: 4_000,
  context: 1_000,
} as const;

/** Of a package's picture: a catalog shows many at once. */
export const CATALOG_ICON_BYTES = 30_000;

/** What a run tells of itself to everybody who looks, whatever words its scripts choose. */
export const RUN = {
  warnings: 50,
  warning: 2_000,
  errorMessage: 20_000,
  errorHint: 4_000,
  errorContext: 1_000,
} as const;

/** What of the files of an app travels at once to who looks at them. */
export const APP_FILES = {
  place: 4_096,
  /** What names are to contain; no name is longer. */
  text: 255,
  /** Of a folder, of each kind. */
  entries: 1_000,
  /** Of a file: small enough that other words get between. */
  readBytes: 256 * 1024,
  /** Into the trash. */
  moved: 500,
} as const;

/** What an app would run, as a person reads it before agreeing. */
export const DESCRIPTION = {
  path: 1_000,
  command: 4_000,
  scripts: 200,
  commandsOfScript: 200,
  /** Of all scripts together, so that a description fits into a host's frame whatever its letters. */
  roomBytes: 900 * 1024,
} as const;

/** What of an app can be set by way of its scripts, so that it fits into a host's frame whatever its letters. */
export const LAUNCHER_SETTINGS = {
  scripts: 60,
  commandsOfScript: 40,
  command: 2_000,
  asksOfScript: 60,
  choices: 100,
  words: 500,
  roomBytes: 600 * 1024,
} as const;

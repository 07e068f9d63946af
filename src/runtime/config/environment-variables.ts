/** Every environment variable we read ourselves. None of them reaches an app. */
export const ENVIRONMENT_VARIABLES = {
  PINOKIOCLOUD_HOME: "The home folder, instead of the platform's default",
  PINOKIOCLOUD_NODE: "The Node.js 24 that runs the sidecar and the runners",
  PINOKIOCLOUD_PYTHON: "The Python whose packages may hold that Node.js",
  PINOKIOCLOUD_IDLE_MINUTES: "Minutes without a client and a live run after which the sidecar ends; 0 means never",
} as const;

export type EnvironmentVariable = keyof typeof ENVIRONMENT_VARIABLES;

/** The variable's value, or undefined when it is unset or empty. */
export const readVariable = (
  name: EnvironmentVariable,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined => env[name] || undefined;

/**
 * What the sidecar alone is started with, for the C library: freed memory goes back to the system from so many bytes on,
 * and pieces of so many bytes are the system's own ones, since what compiling used is never found in one piece again.
 */
export const SIDECAR_MALLOC = { MALLOC_TRIM_THRESHOLD_: "131072", MALLOC_MMAP_THRESHOLD_: "32768" } as const;

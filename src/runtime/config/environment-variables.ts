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

/** What the sidecar alone is started with as `MALLOC_TRIM_THRESHOLD_`. */
export const SIDECAR_TRIM_BYTES = "131072";

import type { Repair } from "../protocol/failures.js";

/** Repairs as detectors offer them, with their usual labels. */
export const offer = {
  retry: (waitMs = 0): Repair => ({ kind: "retry-step", label: "Try again", params: { waitMs } }),
  recreateVenv: (path: string | null = null): Repair => ({
    kind: "recreate-venv",
    label: "Make the environment again",
    params: { path },
  }),
  clearPartial: (path: string | null = null): Repair => ({
    kind: "clear-partial",
    label: "Clear what was half loaded",
    params: { path },
  }),
  freeDisk: (bytes: number | null = null): Repair => ({ kind: "free-disk", label: "Free up space", params: { bytes } }),
  installPackages: (...packages: string[]): Repair => ({
    kind: "install-system-package",
    label: `Install ${packages.join(", ")}`,
    params: { packages },
  }),
  setToken: (name: string, page: string | null): Repair => ({
    kind: "set-token",
    label: `Set ${name}`,
    params: { name, page },
  }),
  otherPort: (port: number | null): Repair => ({ kind: "use-other-port", label: "Use another port", params: { port } }),
  lowerMemory: (env: Record<string, string>, ...flags: string[]): Repair => ({
    kind: "lower-memory",
    label: "Start with less memory",
    params: { env, flags },
  }),
  acceptLicence: (model: string | null, page: string): Repair => ({
    kind: "accept-licence",
    label: model === null ? "Open the model's page" : `Ask for access to ${model}`,
    params: { model, page },
  }),
  updateApp: (): Repair => ({ kind: "update-app", label: "Update the app", params: {} }),
} as const;

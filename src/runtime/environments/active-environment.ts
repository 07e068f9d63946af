import * as z from "zod";
import { StateFile } from "../base/state-file.js";
import type { PinokioError } from "../protocol/errors.js";

const ActiveFile = z.object({ version: z.literal(1), active: z.string().nullable() });

/** `library/active-environment.json`: where packages without an environment of their own go. */
export interface ActiveEnvironment {
  /** The environment's id, or null when each package gets its own. */
  get(): string | null;
  /** Throws and changes nothing when it cannot be written. */
  set(id: string | null): void;
}

export function openActiveEnvironment(
  path: string,
  how: { mayWrite: boolean; onProblem(problem: PinokioError): void },
): ActiveEnvironment {
  const file = new StateFile({ path, version: 1, schema: ActiveFile, empty: { version: 1, active: null }, ...how });
  return {
    get: () => {
      file.look();
      return file.value.active;
    },
    set: (active) => void file.change((value) => ({ ...value, active })),
  };
}

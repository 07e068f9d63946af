import * as z from "zod";
import { StateFile } from "../../base/state-file.js";
import type { PinokioError } from "../../protocol/errors.js";
import { PACKAGE_TYPES } from "../../protocol/packages.js";

/** What is written down about an installed package. Apps have theirs in `installed.json`. */
export const PackageRecord = z.object({
  id: z.string(),
  type: z.enum(PACKAGE_TYPES),
  name: z.string(),
  version: z.string().nullable(),
  commit: z.string().nullable(),
  /** What it was installed from. */
  source: z.string(),
  /** Below the home: its folder, or the environment that holds it. */
  place: z.string(),
  /** Below the home. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })).default([]),
  /** Of Python packages. */
  requirements: z.array(z.string()).default([]),
  dependencies: z.array(z.string()).default([]),
  wanted: z.boolean(),
  installedAt: z.string(),
});
export type PackageRecord = z.infer<typeof PackageRecord>;

const PackagesFile = z.object({ version: z.literal(1), packages: z.record(z.string(), PackageRecord) });

/** `library/packages.json`. */
export interface PackageStore {
  readonly all: readonly PackageRecord[];
  get(id: string): PackageRecord | null;
  /** Throws and changes nothing when it cannot be written. */
  set(record: PackageRecord): void;
  remove(id: string): void;
}

export function openPackageStore(
  path: string,
  how: { mayWrite: boolean; onProblem(problem: PinokioError): void },
): PackageStore {
  const file = new StateFile({ path, version: 1, schema: PackagesFile, empty: { version: 1, packages: {} }, ...how });
  const now = () => {
    file.look();
    return file.value.packages;
  };
  return {
    get all() {
      return Object.values(now());
    },
    get: (id) => now()[id] ?? null,
    set: (record) => void file.change((value) => ({ ...value, packages: { ...value.packages, [record.id]: record } })),
    remove: (id) => void file.change(({ packages: { [id]: _, ...packages }, ...value }) => ({ ...value, packages })),
  };
}

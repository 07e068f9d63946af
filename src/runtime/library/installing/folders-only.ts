import { PinokioError } from "../../protocol/errors.js";
import { isLive, type Run } from "../../protocol/runs.js";
import { createJobs } from "../jobs.js";
import type { InstallWorld } from "./world.js";

const NOTHING = Promise.resolve(null);

/** Where there is no git, no catalog and nobody who follows runs: what a library alone can do. */
export const foldersOnly = ({ runs }: { runs(): readonly Run[] }): InstallWorld => ({
  jobs: createJobs(),
  clone: ({ url }) =>
    Promise.reject(
      new PinokioError("source-unsupported", `${url} cannot be fetched: only folders can be installed here`),
    ),
  findPackage: () => NOTHING,
  packageAt: () => NOTHING,
  near: () => Promise.resolve([]),
  isOfSource: () => false,
  keepLogin: () => undefined,
  follow: (id) => {
    const run = runs().find((one) => one.id === id);
    return run === undefined || isLive(run) ? new Promise(() => undefined) : Promise.resolve(run);
  },
  stop: () => NOTHING,
  explain: () => NOTHING,
  usualMs: () => null,
  noteFolders: () => Promise.resolve(),
});

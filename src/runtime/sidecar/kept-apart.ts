import { dirname, join, sep } from "node:path";
import { onSetAside } from "../base/atomic-file.js";
import { namesIn } from "../base/names-in.js";
import { readSecrets, secretPaths } from "../base/secret-store.js";
import { ConfigStates } from "../configuration/state.js";
import { PinokioError } from "../protocol/errors.js";
import type { OpenedHome } from "./open-home.js";

/**
 * Says which secrets and settings of apps cannot be read. Many parts read them, each only when it needs them, and go on
 * without: none of them would say it to whoever is there.
 */
export function tellOfKeptApart(
  { home, paths, mode }: Pick<OpenedHome, "home" | "paths" | "mode">,
  warn: (problem: PinokioError) => void,
): void {
  const library = dirname(paths.installed);
  const folders = [dirname(secretPaths.shared(home)), join(library, "configuration")];
  const said = new Set<string>();
  const tell = (problem: PinokioError): void => {
    if (said.has(problem.message)) return;
    said.add(problem.message);
    warn(problem);
  };
  onSetAside((path, problem) => {
    if (folders.some((folder) => path.startsWith(folder + sep))) tell(problem);
  });
  if (mode === "read-only") return; // nothing is renamed there
  const states = new ConfigStates(library);
  const look = (read: () => unknown): void => {
    try {
      read();
    } catch (error) {
      if (error instanceof PinokioError) tell(error);
    }
  };
  look(() => readSecrets(secretPaths.shared(home)));
  for (const app of appsIn(dirname(secretPaths.of(home, "")))) look(() => readSecrets(secretPaths.of(home, app)));
  for (const app of appsIn(join(library, "configuration"))) look(() => states.of(app));
}

const ENDING = ".json";
const appsIn = (folder: string): string[] =>
  namesIn(folder).flatMap((name) => (name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : []));

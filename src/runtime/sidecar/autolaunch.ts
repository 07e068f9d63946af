import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { bootId, startTimeOf } from "../base/processes.js";
import { launchedAtStart } from "../library/app-environment.js";
import { locationOf } from "../library/script-location.js";
import { fromWireError, toWireError } from "../protocol/errors.js";
import type { Apps } from "./apps.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

const Launched = z.object({ start: z.string() });

/** Changes when the machine, or the container that we are in, starts anew. */
const thisStart = (): string => `${bootId()} ${startTimeOf(1) ?? ""}`;

interface Launching {
  runs: Runs;
  apps: Pick<Apps, "library">;
  news: Pick<News, "notices">;
}

/**
 * Launches the apps that are to come up with Pinokio: once for each start of the machine, since sidecars come and go,
 * and again after everything was ended on purpose. Nothing that nobody has agreed to is launched.
 */
export async function autolaunch(
  { paths, log, settings }: OpenedHome,
  { runs, apps: { library }, news }: Launching,
): Promise<void> {
  if (!settings.launchApps) return;
  const start = thisStart();
  const known = readState(paths.launched, Launched);
  if (known.kind === "read" && known.value.start === start) return;
  try {
    writeJsonAtomic(paths.launched, { start } satisfies z.infer<typeof Launched>, 0o600);
  } catch (error) {
    log.write("warn", "apps were not launched", { error: String(error) });
    return; // each sidecar would launch them again
  }
  const launch = async (file: string): Promise<void> => {
    const { appId, script } = locationOf(file, paths.api);
    try {
      if (appId === null || !(await library.hasAgreed(appId))) return;
      const { run } = await runs.startScript(file, { action: "run", input: {}, unattended: true });
      if (run.state === "queued") {
        const { end } = await runs.supervisor.settled(run.id);
        if (end?.outcome === "stopped") return;
        if (end?.error?.code === "requirement-missing") throw fromWireError(end.error);
      }
      log.write("info", "app launched", { script });
    } catch (error) {
      log.write("warn", "app not launched", { script, error: String(error) });
      const { message, hint } = toWireError(error);
      const said = { level: "warning" as const, message: `${script} was not launched: ${message}` };
      news.notices.add(hint === undefined ? said : { ...said, hint });
    }
  };
  await Promise.all(launchedAtStart(paths.api, library.ids()).map(launch));
}

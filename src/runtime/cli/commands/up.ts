import { setTimeout as delay } from "node:timers/promises";
import { EXIT } from "../exit-codes.js";
import type { Session } from "../session.js";
import { endSidecar, ensureSidecar } from "../start-sidecar.js";
import type { AddCommand } from "./command.js";

export const addUp: AddCommand = (program, inSession) => {
  program
    .command("up")
    .description("start the sidecar of this home, unless it runs")
    .option("--replace", "end the one that runs first; apps go on running")
    .action(({ replace = false }: { replace?: boolean }) =>
      inSession(async (session) => {
        const { place, json, print } = session;
        if (replace) await endSidecar(place);
        const { record, started } = await ensureSidecar(place);
        await launchApps(session);
        const { socket, tokenFile, pid, version, protocol, node } = record;
        if (json) print(JSON.stringify({ home: place.home, socket, tokenFile, pid, version, protocol, node, started }));
        else
          print(`The sidecar ${started ? "started" : "runs"} (process ${pid}, version ${version}) for ${place.home}`);
        return EXIT.done;
      }),
    );
};

const LAUNCH_LIMIT_MS = 2_000;

/** Those that come up with PinokioCloud. A sidecar that is busy, of another version or read-only is up all the same. */
async function launchApps(session: Session): Promise<void> {
  const asked = session.client().then((client) => client.request("apps.autolaunch", {}));
  await Promise.race([asked.catch(() => undefined), delay(LAUNCH_LIMIT_MS, undefined, { ref: false })]);
}

import type { SidecarClient } from "../../client/sidecar-client.js";
import { fromWireError, PinokioError } from "../../protocol/errors.js";
import { bareAppName } from "../../protocol/ids.js";
import { isLive, type Run } from "../../protocol/runs.js";
import { EXIT, EXIT_OF, type ExitCode } from "../exit-codes.js";
import { requireKnown } from "../known-name.js";
import { followStarted } from "../start-and-follow.js";
import type { AddCommand } from "./command.js";

export const addRestart: AddCommand = (program, inSession) => {
  program
    .command("restart")
    .description("stop everything an app runs, or one run, and start the same again; wait until it is ready or over")
    .argument("<app>", "an app, a script of it (app/start.js), or the id of a run")
    .action((which: string) =>
      inSession(async (session) => {
        const client = session.lastingClient();
        let code: ExitCode = EXIT.done;
        for (const started of await restarted(client, bareAppName(which))) {
          const now = EXIT_OF[(await followStarted(session, client, started)).outcome];
          if (code === EXIT.done) code = now;
        }
        return code;
      }),
    );
};

async function restarted(client: SidecarClient, which: string): Promise<{ run: Run; already: boolean }[]> {
  const live = (await client.request("runs.list", {})).filter(isLive);
  const app = live.find(({ appId }) => appId === which)?.appId;
  if (app != null) {
    const [result] = (await client.request("library.restart", { apps: [app] })).results;
    if (result?.error != null) throw fromWireError(result.error);
    const runs = await client.request("runs.list", {});
    return runs.filter(({ id }) => result?.runs.includes(id)).map((run) => ({ run, already: false }));
  }
  const run = live.find(({ id, script }) => id === which || script === which);
  if (run !== undefined) return [await client.request("runs.restart", { runId: run.id })];
  await requireKnown(client, which);
  throw new PinokioError("run-missing", `Nothing that is called ${which} is running`, {
    hint: "`pinokiocloud run` starts an app",
  });
}

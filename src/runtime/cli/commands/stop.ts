import { isLive } from "../../protocol/runs.js";
import { EXIT } from "../exit-codes.js";
import { requireOurs } from "../looked-at.js";
import { requireKnown } from "../known-name.js";
import { isMeantBy } from "../runs-meant.js";
import { stoppedLine } from "../words.js";
import type { AddCommand } from "./command.js";

export const addStop: AddCommand = (program, inSession) => {
  program
    .command("stop")
    .description("stop everything an app runs, or one run")
    .argument("<app>", "an app, a script of it (app/start.js), or the id of a run")
    .action((which: string) =>
      inSession(async (session) => {
        const client = await session.client();
        const live = (await client.request("runs.list", {})).filter(
          (run) => isLive(run) || run.again !== undefined, // what is to be started again is let be
        );
        const meant = live.filter(isMeantBy(which));
        if (meant.length === 0) {
          await requireKnown(client, which);
          await requireOurs(client);
        }
        const stopped = await Promise.all(
          meant.map(async ({ id, ...run }) => (await client.request("runs.stop", { runId: id })).run ?? { id, ...run }),
        );
        if (session.json) session.print(JSON.stringify({ stopped }));
        else session.print(stopped.length === 0 ? `${which} was not running` : stopped.map(stoppedLine).join("\n"));
        return EXIT.done;
      }),
    );
};

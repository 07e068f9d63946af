import { PinokioError } from "../../protocol/errors.js";
import type { Run } from "../../protocol/runs.js";
import { EXIT } from "../exit-codes.js";
import { copyOutput } from "../follow-run.js";
import type { AddCommand } from "./command.js";

export const addLogs: AddCommand = (program, inSession) => {
  program
    .command("logs")
    .description("print what the latest run of an app or script has printed")
    .argument("<app>", "an app, a script of it (app/start.js), or the id of a run")
    .option("-f, --follow", "go on until the run is over")
    .action((which: string, { follow = false }: { follow?: boolean }) =>
      inSession(async (session) => {
        const client = session.lastingClient();
        const runs = await client.request("runs.list", {});
        const run = runs.findLast(({ id, appId, script }) => [id, appId, script].includes(which as Run["id"]));
        if (run === undefined) {
          throw new PinokioError("run-missing", `${which} has not run in this home`, {
            hint: "`pinokiocloud status` shows what runs, `pinokiocloud list` what is installed",
          });
        }
        if (session.json) {
          session.print(JSON.stringify(run));
          return EXIT.done;
        }
        const output = copyOutput(client, run.id, process.stdout);
        if (follow) await output.ended;
        else await Promise.race([output.ended, output.caughtUp(run.outputBytes)]);
        output.close();
        return EXIT.done;
      }),
    );
};

import { PinokioError } from "../../protocol/errors.js";
import { isLive } from "../../protocol/runs.js";
import { EXIT } from "../exit-codes.js";
import { isMeantBy } from "../runs-meant.js";
import type { AddCommand } from "./command.js";

export const addType: AddCommand = (program, inSession) => {
  program
    .command("type")
    .description("type a line into the terminal of a run")
    .argument("<run>", "the id of a run, an app, or a script of it (app/start.js)")
    .argument("[text]", "the line; without it only the Enter key", "")
    .option("--no-enter", "without the Enter key at its end")
    .option("--ctrl-c", "the keys Ctrl-C, and nothing else")
    .action((which: string, text: string, { enter, ctrlC = false }: { enter: boolean; ctrlC?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const runs = await client.request("runs.list", {});
        const isMeant = isMeantBy(which);
        const run = runs.findLast((known) => isLive(known) && isMeant(known));
        if (run === undefined) {
          throw new PinokioError("run-missing", `${which} does not run`, {
            hint: "`pinokiocloud status` shows what runs",
          });
        }
        await client.request("runs.type", { runId: run.id, text: ctrlC ? "\u0003" : `${text}${enter ? "\r" : ""}` });
        if (session.json) session.print(JSON.stringify({ run: run.id }));
        return EXIT.done;
      }),
    );
};

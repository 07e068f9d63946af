import { PinokioError } from "../../protocol/errors.js";
import { isLive } from "../../protocol/runs.js";
import { waitAndAnswer } from "../ask/answer-open.js";
import { attach } from "../attach.js";
import { EXIT } from "../exit-codes.js";
import { copyOutput } from "../follow-run.js";
import { followSize } from "../follow-size.js";
import { requireOurs } from "../looked-at.js";
import { requireKnown } from "../known-name.js";
import { isMeantBy } from "../runs-meant.js";
import type { AddCommand } from "./command.js";
import { sizeText } from "../../protocol/sizes.js";

const MOST_FOUND = 1_000;

interface LogsOptions {
  follow?: boolean;
  interactive?: boolean;
  search?: string;
}

export const addLogs: AddCommand = (program, inSession) => {
  program
    .command("logs")
    .description("print what the latest run of an app or script has printed")
    .argument("<app>", "an app, a script of it (app/start.js), or the id of a run")
    .option("-s, --search <text>", "print only lines that hold this text")
    .option("-f, --follow", "go on until the run is over")
    .option("-i, --interactive", "show the run's terminal as it is and type into it; Ctrl-] leaves it")
    .action((which: string, { follow = false, interactive = false, search }: LogsOptions) =>
      inSession(async (session) => {
        const client = session.lastingClient();
        const runs = await client.request("runs.list", {});
        const run = runs.findLast(isMeantBy(which));
        if (run === undefined) {
          await requireKnown(client, which);
          await requireOurs(client);
          throw new PinokioError("run-missing", `${which} has not run in this home`, {
            hint: "`pinokiocloud status` shows what runs, `pinokiocloud list` what is installed",
          });
        }
        if (search !== undefined) {
          const found = await client.request("output.search", { runId: run.id, text: search, most: MOST_FOUND });
          session.print(session.json ? JSON.stringify(found) : found.lines.map(({ text }) => text).join("\n"));
          if ((found.goneBytes ?? 0) > 0 && !session.json) {
            session.note(`${sizeText(found.goneBytes ?? 0)} of earlier output are gone and were not searched`);
          }
          return found.lines.length === 0 ? EXIT.failed : EXIT.done;
        }
        if (session.json) {
          session.print(JSON.stringify(run));
          return EXIT.done;
        }
        if (interactive) {
          const how = await attach(client, run);
          if (how === "left") session.note(`It goes on as ${run.id}; stop it with: pinokiocloud stop ${run.id}`);
          return EXIT.done;
        }
        const output = copyOutput(client, run.id, process.stdout);
        if (follow) {
          if (isLive(run)) followSize(client, run.id);
          const answered = isLive(run) ? waitAndAnswer(session, client, run.id, { output }) : null;
          answered?.catch(() => undefined); // what it printed can be read all the same
          await output.ended;
        } else await Promise.race([output.ended, output.present()]);
        output.close();
        return EXIT.done;
      }),
    );
};

import { EXIT_OF } from "../exit-codes.js";
import { failedRun } from "../failed-run.js";
import { followStarted } from "../start-and-follow.js";
import type { AddCommand } from "./command.js";

export const addAgain: AddCommand = (program, inSession) => {
  program
    .command("again")
    .description("start again what failed, as it was asked for then, and wait until it is ready or over")
    .argument("<run>", "the id of a run, an app, or a script of it (app/start.js): its latest run that failed")
    .option("--from-failed-step", "go on at the step that failed; what was done before it is not done again")
    .action((which: string, { fromFailedStep = false }: { fromFailedStep?: boolean }) =>
      inSession(async (session) => {
        const client = session.lastingClient();
        const { id } = failedRun(which, await client.request("runs.list", {}));
        const from = fromFailedStep ? "failed-step" : "beginning";
        const started = await client.request("runs.again", { runId: id, from });
        return EXIT_OF[(await followStarted(session, client, started)).outcome];
      }),
    );
};

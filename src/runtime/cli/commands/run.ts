import { join } from "node:path";
import { AppId, bareAppName } from "../../protocol/ids.js";
import { diskBudgetOf, diskBudgetWarning } from "../disk-budgets.js";
import type { Run } from "../../protocol/runs.js";
import { EXIT, EXIT_OF, exitCodeOf } from "../exit-codes.js";
import type { Session } from "../session.js";
import { startAndFollow } from "../start-and-follow.js";
import { heedInstallation } from "../unfinished.js";
import { onOneLine, runLine } from "../words.js";
import type { AddCommand } from "./command.js";

export const addRun: AddCommand = (program, inSession) => {
  program
    .command("run")
    .description("start an app, or one of its scripts, and wait until it is ready or over")
    .argument("<app>", "its folder name below api/")
    .argument("[script]", "a script of it; default: what its menu starts")
    .option("-d, --detach", "return as soon as it is started")
    .action((app: string, script: string | undefined, { detach = false }: { detach?: boolean }) =>
      inSession(async (session) => {
        const name = bareAppName(app);
        await heedInstallation(session, name, script);
        await warnOfBudget(session, name);
        const order = { script: script === undefined ? name : join(name, script) };
        if (!detach) return EXIT_OF[(await startAndFollow(session, order)).outcome];
        const { run } = await (await session.client()).request("runs.start", order);
        session.print(session.json ? JSON.stringify(run) : run.state === "queued" ? runLine(run) : startedLine(run));
        return run.end === null ? EXIT.done : exitCodeOf(run);
      }),
    );
};

const startedLine = ({ script, id }: Run): string => `Started ${script} as ${id}`;

/** It runs all the same; what it downloads next will fail. */
async function warnOfBudget(session: Session, app: string): Promise<void> {
  const id = AppId.safeParse(app);
  const budget = id.success && !session.json ? await diskBudgetOf(await session.client(), id.data) : null;
  const warning = budget === null ? null : diskBudgetWarning(budget);
  if (warning !== null) session.note(onOneLine(warning));
}

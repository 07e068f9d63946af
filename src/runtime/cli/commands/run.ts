import { join } from "node:path";
import { EXIT, EXIT_OF, exitCodeOf } from "../exit-codes.js";
import { startAndFollow } from "../start-and-follow.js";
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
        const order = { script: script === undefined ? app : join(app, script) };
        if (!detach) return EXIT_OF[(await startAndFollow(session, order)).outcome];
        const { run } = await (await session.client()).request("runs.start", order);
        session.print(session.json ? JSON.stringify(run) : `Started ${run.script} as ${run.id}`);
        return run.end === null ? EXIT.done : exitCodeOf(run);
      }),
    );
};

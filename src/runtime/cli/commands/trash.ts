import { InvalidArgumentError } from "commander";
import { goesUnnamed, type TrashEntry } from "../../protocol/changes.js";
import { sizeText } from "../../protocol/sizes.js";
import { exitCodeOfJob, followChange, wants } from "../change-job.js";
import { trashText } from "../change-words.js";
import { EXIT } from "../exit-codes.js";
import { onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";

export const addTrash: AddCommand = (program, inSession) => {
  const trash = program
    .command("trash")
    .description("what was removed and can be had back, and files of yours that apps have left");

  trash
    .command("list")
    .description("show what is in it; space comes back when it is emptied")
    .action(() =>
      inSession(async (session) => {
        const client = await session.client();
        const entries = await client.request("trash.list", {});
        if (session.json) session.print(JSON.stringify(entries));
        else session.print(trashText(entries, (await client.request("trash.size", {})).bytes));
        return EXIT.done;
      }),
    );

  trash
    .command("restore")
    .description("put an entry back where it was; nothing that is there now is overwritten")
    .argument("<entry>", "its name, from `trash list`")
    .action((entry: string) =>
      inSession(async (session) => {
        const client = await session.client();
        const { job: started } = await client.request("trash.restore", { entry });
        const job = await followChange(session, client, started);
        if (session.json) session.print(JSON.stringify({ job }));
        else if (job.state === "done")
          for (const sentence of [`${job.title}: done`, ...(job.said ?? [])]) session.print(onOneLine(sentence));
        return exitCodeOfJob(session, job);
      }),
    );

  trash
    .command("empty")
    .description("remove for good what is in it; files of yours that are kept only go when you name them")
    .argument("[entries...]", "only these, by their names")
    .option("--older-than <days>", "only what has been there for longer", parseDays)
    .option("-y, --yes", "do not ask")
    .action((entries: string[], { olderThan, yes = false }: { olderThan?: number; yes?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const which = {
          ...(entries.length === 0 ? {} : { entries }),
          ...(olderThan === undefined ? {} : { olderThanDays: olderThan }),
        };
        if (!yes) {
          const chosen = chosenFrom(await client.request("trash.list", {}), which);
          const { bytes } = await client.request("trash.size", which);
          session.note(trashText(chosen, bytes));
          if (!(await wants(session, "Emptying the trash removes for good", `Remove for good (${sizeText(bytes)})`)))
            return EXIT.waiting;
        }
        const { job: started, bytes } = await client.request("trash.empty", which);
        const job = await followChange(session, client, started);
        if (session.json) session.print(JSON.stringify({ job, bytes }));
        else session.print(onOneLine(job.title));
        return exitCodeOfJob(session, job);
      }),
    );
};

const DAY_MS = 86_400_000;

function chosenFrom(
  all: readonly TrashEntry[],
  { entries, olderThanDays = 0 }: { entries?: readonly string[]; olderThanDays?: number },
): TrashEntry[] {
  if (entries !== undefined) return all.filter(({ name }) => entries.includes(name));
  return all.filter((entry) => goesUnnamed(entry) && Date.parse(entry.at) <= Date.now() - olderThanDays * DAY_MS);
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isFinite(days) || days < 0) throw new InvalidArgumentError("It is not a number of days");
  return days;
}

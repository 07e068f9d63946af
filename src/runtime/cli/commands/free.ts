import { PinokioError } from "../../protocol/errors.js";
import { type Freeable, FREEABLE_KINDS } from "../../protocol/freeing.js";
import { sizeText } from "../../protocol/sizes.js";
import { exitCodeOfJob, followChange, wants } from "../change-job.js";
import { EXIT } from "../exit-codes.js";
import { onOneLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

export const addFree: AddCommand = (program, inSession) => {
  program
    .command("free")
    .description("show what can be freed on the disk, or free what is named")
    .argument("[items...]", `what goes, as the list names it, or a kind: ${FREEABLE_KINDS.join(", ")}`)
    .option("--safe", "everything that nobody misses: it is made or loaded again by who needs it")
    .option("-y, --yes", "do not ask")
    .action((names: string[], { safe = false, yes = false }: { safe?: boolean; yes?: boolean }) =>
      inSession(async (session) => {
        const client = await session.client();
        const list = await client.request("storage.freeable", {});
        if (names.length === 0 && !safe) {
          session.print(session.json ? JSON.stringify(list) : listText(list.items));
          return EXIT.done;
        }
        const chosen = chosenFrom(list.items, names, safe);
        if (chosen.length === 0) {
          session.print(session.json ? JSON.stringify({ job: null, bytes: 0 }) : "There is nothing to free");
          return EXIT.done;
        }
        const bytes = chosen.reduce((sum, item) => sum + item.bytes, 0);
        if (!yes) {
          session.note(listText(chosen));
          const button = `Free ${sizeText(bytes)} for good`;
          if (!(await wants(session, "Freeing removes for good", button))) return EXIT.waiting;
        }
        const order = { items: chosen.map(({ id }) => id), at: list.at };
        const job = await followChange(session, client, (await client.request("storage.free", order)).job);
        if (session.json) session.print(JSON.stringify({ job, bytes: job.progress?.done ?? 0 }));
        else if (job.state === "done")
          for (const sentence of [job.title, ...(job.said ?? [])]) session.print(onOneLine(sentence));
        return exitCodeOfJob(session, job);
      }),
    );
};

/** What is named or safe; what is named and cannot go is an error, what is merely safe and cannot is left out. */
function chosenFrom(items: readonly Freeable[], names: readonly string[], safe: boolean): Freeable[] {
  for (const name of names) {
    const meant = items.filter((item) => isMeant(item, name));
    if (meant.length === 0 && !FREEABLE_KINDS.some((kind) => kind === name)) {
      throw new PinokioError("request-invalid", `Nothing that can be freed is called ${name}`, {
        hint: "`pinokiocloud free` shows what can be",
      });
    }
    const [only] = meant;
    if (meant.length === 1 && only !== undefined && only.refused !== null) {
      throw new PinokioError("request-invalid", `${only.label} cannot go now: ${only.refused}`, { hint: "Try later" });
    }
  }
  return items.filter(
    (item) => item.refused === null && ((safe && item.isSafe) || names.some((name) => isMeant(item, name))),
  );
}

const isMeant = ({ id, kind }: Freeable, name: string): boolean => id === name || kind === name;

function listText(items: readonly Freeable[]): string {
  if (items.length === 0) return "There is nothing to free";
  const rows = items.flatMap(({ id, bytes, label, means, refused }) => [
    [sizeText(bytes), id, label],
    ["", "", refused === null ? means : `Not now: ${refused}`],
  ]);
  const total = items.filter(({ refused }) => refused === null).reduce((sum, { bytes }) => sum + bytes, 0);
  return `${table(rows)}\nTogether ${sizeText(total)}`;
}

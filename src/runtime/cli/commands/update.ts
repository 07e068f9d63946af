import type { UpdateLook, UpdatePart } from "../../protocol/changes.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { PinokioError } from "../../protocol/errors.js";
import { type AppId, appIdOf } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import { exitCodeOfJob, followChange, isLoss, wants } from "../change-job.js";
import { stopsText } from "../change-words.js";
import { EXIT } from "../exit-codes.js";
import { askUntilAnswered } from "../follow-run.js";
import { onOneLine, printable } from "../words.js";
import type { AddCommand } from "./command.js";

interface UpdateOptions {
  look?: boolean;
  yes?: boolean;
}

export const addUpdate: AddCommand = (program, inSession) => {
  program
    .command("update")
    .description("bring an app to what is new where it came from; when that fails, all is as before")
    .argument("<app>", "an installed app")
    .option("--look", "only show what is new")
    .option("-y, --yes", "do not ask, and agree to scripts that change")
    .action((name: string, { look: onlyLook = false, yes = false }: UpdateOptions) =>
      inSession(async (session) => {
        const app = appIdOf(name);
        const client = session.lastingClient();
        const look = await client.request("apps.updateLook", { appId: app });
        const isToDo = look.isAvailable && look.refused === null;
        if (onlyLook || !isToDo) {
          session.print(session.json ? JSON.stringify(look) : lookText(look));
          return look.refused === null ? EXIT.done : EXIT.failed;
        }
        if (!yes) {
          session.note(lookText(look));
          if (!(await wants(session, `Updating changes ${look.title}`, `Update ${look.title}`))) return EXIT.waiting;
        }
        const { job: started, entry } = await client
          .request("apps.update", { appId: app, agreed: look.fingerprint, unattended: yes || session.json })
          .catch(async (error: unknown) => {
            if (!isLoss(error)) throw error;
            return { job: await updateAfterLoss(client, app, null), entry: null };
          });
        const job = await followChange(session, client, started, () => updateAfterLoss(client, app, started));
        if (session.json) session.print(JSON.stringify({ job, entry }));
        else if (job.state === "done") {
          const found = (await client.request("trash.list", {})).find((one) => one.name === entry);
          const said = new Set([`Updated ${look.title}`, ...(found?.said ?? []), ...(job.said ?? [])]);
          for (const sentence of said) session.print(onOneLine(sentence));
          if (found !== undefined)
            session.print(`Until its next update it can be taken back with: pinokiocloud trash restore ${found.name}`);
        }
        return exitCodeOfJob(session, job);
      }),
    );
};

/** How an update stands for the sidecar that came after the one it was asked of. */
async function updateAfterLoss(client: SidecarClient, app: AppId, started: Job | null): Promise<Job> {
  const jobs = await askUntilAnswered(() => client.request("jobs.list", {}));
  const goesOn = jobs.findLast((job) => job.kind === "update" && job.appId === app);
  if (goesOn !== undefined) return goesOn;
  const { notices = [] } = await client.request("sidecar.status", {});
  const told = notices.findLast(({ from }) => from === app);
  if (started !== null && told?.level === "info") return { ...started, state: "done", endedAt: told.at };
  const message = told?.message ?? "The sidecar was lost before the update had begun";
  throw new PinokioError("step-failed", message, { hint: `See what is new with: pinokiocloud update ${app} --look` });
}

/** What an update would bring, in plain words. */
function lookText({ title, refused, isAvailable, parts, edited, scripts, script, notes, stops }: UpdateLook): string {
  if (refused !== null) return onOneLine(`${title} cannot be updated. ${refused}`);
  if (!isAvailable) return [`${title} is as new as where it came from`, ...notes].map(onOneLine).join("\n");
  const lines = [
    ...stopsText(stops),
    ...parts.flatMap(partLines),
    ...(edited.length === 0 ? [] : [`You have changed too: ${edited.join(", ")}`]),
    ...(script === null ? [] : [`Then ${script} runs`]),
    ...notes,
  ].map(onOneLine);
  const changed = scripts.flatMap(({ path, commands, problem }) => [
    onOneLine(`  ${path}${problem === null ? "" : `  (cannot be read beforehand: ${problem})`}`),
    ...commands.map((command) => `    ${printable(command).replace(/\n/g, "\n    ")}`),
  ]);
  return [
    ...lines,
    ...(changed.length === 0 ? [] : ["Scripts that nobody has agreed to yet, and that run as you:", ...changed]),
  ].join("\n");
}

const MOST_FILES = 10;

function partLines({ folder, from, to, commits, count, files, fileCount, isRewritten, problem }: UpdatePart): string[] {
  const where = folder === "" ? "" : `${folder}: `;
  if (problem !== null) return [`${where}${problem}`];
  if (from === to) return [];
  const all = count ?? commits.length;
  const more = fileCount > MOST_FILES ? [`    and ${fileCount - MOST_FILES} more`] : [];
  return [
    `${where}${all === 1 ? "1 new commit" : `${all} new commits`}, ${from.slice(0, 7)} → ${to.slice(0, 7)}`,
    ...(isRewritten ? ["  Its author has replaced the commits that are here"] : []),
    ...commits.map(
      ({ commit, at, author, subject }) => `  ${commit.slice(0, 7)}  ${at.slice(0, 10)}  ${author}  ${subject}`,
    ),
    `  ${fileCount === 1 ? "1 file changes" : `${fileCount} files change`}:`,
    ...files.slice(0, MOST_FILES).map((path) => `    ${path}`),
    ...more,
  ];
}

import type { RemovalPreview } from "../../protocol/changes.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import { type AppId, appIdOf } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import type { InstalledPackageView } from "../../protocol/package-requests.js";
import { staysText } from "../came-with.js";
import { exitCodeOfJob, followChange, heedUse, wants } from "../change-job.js";
import { lossText, previewText } from "../change-words.js";
import { EXIT, type ExitCode } from "../exit-codes.js";
import type { Session } from "../session.js";
import { onOneLine } from "../words.js";
import type { AddCommand } from "./command.js";

interface RemovalOptions {
  all?: boolean;
  look?: boolean;
  yes?: boolean;
  despiteUse?: boolean;
}

const ALL = "your files go into the trash too; without it they are kept";

export const addUninstall: AddCommand = (program, inSession) => {
  program
    .command("uninstall")
    .description("move an app into the trash; what you have made in it is kept")
    .argument("<app>", "an installed app")
    .option("--all", ALL)
    .option("--look", "only show what goes and what stays")
    .option("--despite-use", "also while others need it")
    .option("-y, --yes", "do not ask")
    .action((name: string, options: RemovalOptions) =>
      inSession(async (session) => {
        const app = appIdOf(name);
        const client = await session.client();
        const preview = await client.request("apps.uninstallPreview", { appId: app });
        const { neededBy } = preview;
        const despiteUse = options.despiteUse === true;
        if (options.look !== true && !despiteUse && neededBy.length > 0)
          heedUse(preview.title, [`needed by ${neededBy.join(", ")}`]);
        const came = await client.request("packages.cameWith", { ids: [app] });
        return carryOut({ session, client, preview, came, options, verb: "Uninstall", done: "Uninstalled" }, () =>
          client.request("apps.uninstall", { appId: app, all: options.all === true, despiteUse }),
        );
      }),
    );
};

export const addReset: AddCommand = (program, inSession) => {
  program
    .command("reset")
    .description("make an app as it was when it was fetched; what you have made in it stays")
    .argument("<app>", "an installed app")
    .option("--all", ALL)
    .option("--look", "only show what goes and what stays")
    .option("--no-install", "do not run its install script afterwards")
    .option("-y, --yes", "do not ask")
    .action((name: string, { install = true, ...options }: RemovalOptions & { install?: boolean }) =>
      inSession(async (session) => {
        const app: AppId = appIdOf(name);
        const client = await session.client();
        const preview = await client.request("apps.resetPreview", { appId: app });
        return carryOut({ session, client, preview, came: [], options, verb: "Reset", done: "Reset" }, () =>
          client.request("apps.reset", {
            appId: app,
            all: options.all === true,
            install,
            unattended: options.yes === true || session.json,
          }),
        );
      }),
    );
};

const cameLine = (one: InstalledPackageView): string => onOneLine(staysText(one));

interface Removal {
  session: Session;
  client: SidecarClient;
  preview: RemovalPreview;
  /** What came only since it needs it, and nobody needs without it. */
  came: readonly InstalledPackageView[];
  options: RemovalOptions;
  verb: string;
  done: string;
}

async function carryOut(
  { session, client, preview, came, options, verb, done }: Removal,
  order: () => Promise<{ job: Job; entry: string }>,
): Promise<ExitCode> {
  const { all = false, look = false, yes = false } = options;
  const { title } = preview;
  if (look || !yes) {
    if (session.json && look) session.print(JSON.stringify({ ...preview, cameWith: came }));
    else (look ? session.print : session.note)([previewText(preview, all), ...came.map(cameLine)].join("\n"));
  }
  if (look) return EXIT.done;
  if (!yes && !(await wants(session, `${verb} moves ${title} into the trash`, lossText(verb, preview, all))))
    return EXIT.waiting;
  const { job: started, entry } = await order();
  const job = await followChange(session, client, started);
  const found = (await client.request("trash.list", {})).find(({ name }) => name === entry);
  const isDone = job.state === "done";
  const said = isDone ? [...(found?.said ?? []), ...(job.said ?? []), ...came.map(staysText)].map(onOneLine) : [];
  if (session.json) session.print(JSON.stringify({ job, entry, said }));
  else {
    if (isDone) session.print(onOneLine(`${done} ${title}`));
    for (const sentence of said) session.print(sentence);
    if (found !== undefined) session.print(`Take it back with: pinokiocloud trash restore ${entry}`);
  }
  return exitCodeOfJob(session, job);
}

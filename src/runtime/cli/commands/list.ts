import { Option } from "commander";
import { goneText } from "../../base/app-missing.js";
import { quotedWord } from "../../base/command-words.js";
import { APP_ORDERS, type AppOrder, diskBytesOf, sortedApps } from "../../client/arrange-apps.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import type { App } from "../../protocol/apps.js";
import { APP_STATUSES, type AppStatus, type Shelf } from "../../protocol/shelf.js";
import { sizeText } from "../../protocol/sizes.js";
import { type DiskBudget, diskBudgetOf, diskBudgetText, diskBudgetWarning } from "../disk-budgets.js";
import { EXIT } from "../exit-codes.js";
import { isAboutHome, tellNotices } from "../tell-notices.js";
import { LOOKED_AT } from "../looked-at.js";
import { troubleText } from "../unfinished.js";
import { waitingTexts } from "../waiting-apps.js";
import { onOneLine, table } from "../words.js";
import type { AddCommand } from "./command.js";

interface ListOptions {
  sort: AppOrder;
  status?: AppStatus;
  tag?: string;
  folder?: string;
  favorites?: boolean;
  disk?: boolean;
}

export const addList: AddCommand = (program, inSession) => {
  program
    .command("list")
    .description("list the installed apps")
    .addOption(new Option("--sort <order>", "in which order").choices(APP_ORDERS).default("own"))
    .addOption(new Option("--status <word>", "only those that stand so").choices(APP_STATUSES))
    .option("--tag <tag>", "only those with this tag")
    .option("--folder <name>", "only those in this folder of the library")
    .option("--favorites", "only favourites")
    .option("--disk", "measure what each takes of the disk, where that is not known")
    .action((options: ListOptions) =>
      inSession(async (session) => {
        const client = await session.client();
        if (options.disk === true) await client.request("library.disk", { wait: true });
        const [apps, shelf, { notices = [], mode, modeReason }] = await Promise.all([
          client.request("apps.list", {}),
          client.request("library.shelf", {}),
          client.request("sidecar.status", {}),
        ]);
        const listed = sortedApps(chosen(apps, shelf, options), options.sort, shelf);
        const budgets = session.json ? [] : await budgetsOf(client, listed);
        if (session.json) session.print(JSON.stringify(listed));
        else if (apps.length === 0) session.print("Nothing installed yet. Try: pinokiocloud install hello-server");
        else if (listed.length === 0) session.print("No app is like that");
        else
          session.print(
            table(
              listed.map((app) =>
                lineOf(
                  app,
                  budgets.find((one) => one.app === app.id),
                ),
              ),
            ),
          );
        for (const warning of budgets.flatMap((budget) => diskBudgetWarning(budget) ?? [])) session.note(warning);
        tellNotices(session, notices.filter(isAboutHome));
        if (mode === "read-only") session.note(onOneLine(`warning: ${modeReason ?? LOOKED_AT}`));
        if (!session.json) {
          for (const text of listed.flatMap((app) => troubleText(app) ?? [])) session.note(text);
          for (const text of await waitingTexts(client, listed)) session.note(text);
          for (const { appId } of shelf.missing) {
            session.note(`${goneText(appId)}: \`pinokiocloud library forget ${quotedWord(appId)}\``);
          }
        }
        return EXIT.done;
      }),
    );
};

function chosen(apps: readonly App[], shelf: Shelf, { status, tag, folder, favorites }: ListOptions): App[] {
  const inFolder = shelf.items.find((item) => "folder" in item && isSame(item.name, folder ?? ""));
  const ids = new Set<string>(inFolder !== undefined && "folder" in inFolder ? inFolder.apps : []);
  return apps.filter(
    (app) =>
      (status === undefined || app.status === status) &&
      (tag === undefined || app.marks?.tags.some((other) => isSame(other, tag)) === true) &&
      (folder === undefined || ids.has(app.id)) &&
      (favorites !== true || app.marks?.favorite === true),
  );
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

async function budgetsOf(client: SidecarClient, apps: readonly App[]): Promise<DiskBudget[]> {
  const limited = apps.filter(({ settings }) => settings?.disk !== undefined);
  const budgets = await Promise.all(limited.map(({ id }) => diskBudgetOf(client, id)));
  return budgets.filter((budget) => budget !== null);
}

function lineOf(app: App, budget: DiskBudget | undefined): string[] {
  const { id, title, status, state, runs, url, statistics, marks } = app;
  const bytes = diskBytesOf(app);
  return [
    id,
    status ?? (runs.length > 0 ? "running" : state),
    `${marks?.favorite === true ? "* " : ""}${title}`,
    statistics?.lastUsedAt === null || statistics === undefined ? "" : statistics.lastUsedAt.slice(0, 10),
    budget !== undefined ? diskBudgetText(budget) : bytes === null ? "" : sizeText(bytes),
    url ?? "",
  ];
}

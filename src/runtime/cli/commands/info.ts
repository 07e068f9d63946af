import { appMissing } from "../../base/app-missing.js";
import { diskBytesOf } from "../../client/arrange-apps.js";
import type { SidecarClient } from "../../client/sidecar-client.js";
import type { App } from "../../protocol/apps.js";
import { PinokioError } from "../../protocol/errors.js";
import { bareAppName } from "../../protocol/ids.js";
import type { ReplyOf } from "../../protocol/requests.js";
import { sizeText } from "../../protocol/sizes.js";
import { diskBudgetOf, diskBudgetText, diskBudgetWarning } from "../disk-budgets.js";
import { EXIT } from "../exit-codes.js";
import { knownApps } from "../known-name.js";
import { appText, packageText } from "../package-words.js";
import { troubleText } from "../unfinished.js";
import type { AddCommand } from "./command.js";

export const addInfo: AddCommand = (program, inSession) => {
  program
    .command("info")
    .description("say what is known of a package or an installed app, and how it fits this machine")
    .argument("<package>", "its id, as `search` shows it, an installed app, or the address of a repository")
    .action((name: string) =>
      inSession(async (session) => {
        const client = await session.client();
        const { found, app } = await look(client, name);
        if (session.json) session.print(JSON.stringify(found ?? { app }));
        else {
          const budget = app === null ? null : await diskBudgetOf(client, app.id);
          const disk = budget === null ? diskText(app) : diskBudgetText(budget);
          session.print(found === null ? appText(app, disk) : packageText(found, disk));
          const warning = budget === null ? null : diskBudgetWarning(budget);
          if (warning !== null) session.note(warning);
          const trouble = app === null ? null : troubleText(app);
          if (trouble !== null) session.note(trouble);
        }
        return EXIT.done;
      }),
    );
};

type Known = { found: ReplyOf<"catalog.info">; app: App | null } | { found: null; app: App };

/** What the catalog knows, and the app that is installed; `app:hello` is always the app. */
async function look(client: SidecarClient, name: string): Promise<Known> {
  const apps = await client.request("apps.list", {});
  const named = apps.find(({ id }) => id === bareAppName(name));
  if (named !== undefined && name !== named.id) return { found: null, app: named };
  if (named === undefined && name !== bareAppName(name)) {
    throw appMissing(bareAppName(name), await knownApps(client));
  }
  try {
    const found = await client.request("catalog.info", { id: name });
    return { found, app: apps.find(({ id }) => id === found.installed) ?? null };
  } catch (error) {
    const isMissing = error instanceof PinokioError && error.code === "package-missing";
    if (!isMissing) throw error;
    if (named !== undefined) return { found: null, app: named };
    const known = await knownApps(client);
    throw known.gone.includes(name) ? appMissing(name, known) : error;
  }
}

function diskText(app: App | null): string {
  const bytes = app === null ? null : diskBytesOf(app);
  return bytes === null ? "" : sizeText(bytes);
}

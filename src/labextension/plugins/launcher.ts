import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ILauncher } from "@jupyterlab/launcher";
import type { App } from "../../runtime/protocol/apps.js";
import { webPageOf } from "../../widgets/app-condition.js";
import { pinokioIcon } from "../icon.js";
import { CommandIds, ISettings, ISidecar } from "../tokens.js";

const CATEGORY = "PinokioCloud";

/** A card in the launcher, and one for each favourite app, where there is a launcher. */
export const launcherPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:launcher",
  description: "The PinokioCloud cards in the launcher.",
  autoStart: true,
  requires: [ISidecar, ISettings],
  optional: [ILauncher],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar, settings: ISettings, launcher: ILauncher | null) => {
    if (launcher === null) return;
    launcher.add({ command: CommandIds.openPanel, category: CATEGORY, rank: 0 });
    addFavoriteCommand(app, sidecar);

    const cards = new Map<string, { title: string; dispose(): void }>();
    let apps = (): readonly App[] => [];
    const update = (): void => {
      const wanted = settings.now.launcherCards ? apps().filter(({ marks }) => marks?.favorite === true) : [];
      const titles = new Map(wanted.map(({ id, title }) => [id as string, title || id]));
      for (const [id, card] of cards) {
        if (titles.get(id) === card.title) continue;
        card.dispose();
        cards.delete(id);
      }
      for (const [id, title] of titles) {
        if (cards.has(id)) continue;
        const added = launcher.add({
          command: CommandIds.openFavorite,
          args: { app: id },
          category: CATEGORY,
          rank: 1,
        });
        cards.set(id, { title, dispose: () => added.dispose() });
      }
    };
    sidecar.onUse((client) => {
      apps = () => client.state?.apps ?? [];
      client.subscribe(update);
      update();
    });
    settings.changed.connect(update);
    void app.restored.then(async () => {
      await settings.ready;
      if (settings.now.launcherCards) await sidecar.joinRunning();
    });
  },
};

/** One click on a favourite: its web page where it has one open, else its own. */
function addFavoriteCommand({ commands }: JupyterFrontEnd, sidecar: ISidecar): void {
  const { t } = sidecar;
  const known = (id: unknown): App | undefined => sidecar.client.state?.apps.find((one) => one.id === id);
  commands.addCommand(CommandIds.openFavorite, {
    label: ({ app }) => known(app)?.title || String(app ?? t("A favourite")),
    caption: ({ app }) => t("Open {title}", { title: known(app)?.title || String(app ?? "") }),
    icon: pinokioIcon,
    execute: ({ app }) => {
      const one = known(app);
      const page = one === undefined ? null : webPageOf(one, sidecar.client.state?.runs ?? []);
      return commands.execute(page === null ? CommandIds.showApp : CommandIds.openApp, { app });
    },
    describedBy: {
      args: {
        type: "object",
        required: ["app"],
        properties: { app: { type: "string", description: t("The folder of the app") } },
      },
    },
  });
}

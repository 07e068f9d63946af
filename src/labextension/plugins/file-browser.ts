import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { PageConfig, PathExt } from "@jupyterlab/coreutils";
import { type FileBrowser, IFileBrowserFactory } from "@jupyterlab/filebrowser";
import { PinokioError } from "../../runtime/protocol/errors.js";
import { pinokioIcon } from "../icon.js";
import { holdsLauncher, LauncherFolders, pathOnMachine } from "../launcher-folder.js";
import { reportFailure } from "../report-failure.js";
import { CommandIds, ISidecar } from "../tokens.js";

/** "Install as Pinokio app" for a folder in the file browser. */
export const fileBrowserPlugin: JupyterFrontEndPlugin<void> = {
  id: "pinokiocloud:file-browser",
  description: "Installs a folder of the file browser as an app.",
  autoStart: true,
  requires: [ISidecar],
  optional: [IFileBrowserFactory],
  activate: (app: JupyterFrontEnd, sidecar: ISidecar, browsers: IFileBrowserFactory | null) => {
    if (browsers === null) return;
    const { t } = sidecar;
    const { contents } = app.serviceManager;
    const launchers = new LauncherFolders((folder) => sidecar.launchersIn(folder));
    const follow = (browser: FileBrowser): void => {
      const { model } = browser;
      const look = (): void => {
        if (contents.driveName(model.path) === "") launchers.look(contents.localPath(model.path), [...model.items()]);
      };
      model.refreshed.connect(look);
      look();
    };
    browsers.tracker.forEach(follow);
    browsers.tracker.widgetAdded.connect((_, browser) => follow(browser));
    const selected = () => {
      const items = [...(browsers.tracker.currentWidget?.selectedItems() ?? [])];
      const [first] = items;
      return items.length === 1 && first?.type === "directory" ? first : null;
    };
    app.commands.addCommand(CommandIds.installFolder, {
      label: t("Install as Pinokio App"),
      caption: t("Install the app whose launcher is in this folder"),
      icon: pinokioIcon,
      // Other drives than the server's own are no folders of its machine.
      isVisible: () => {
        const folder = selected();
        return (
          folder !== null &&
          contents.driveName(folder.path) === "" &&
          launchers.mayHold(contents.localPath(folder.path))
        );
      },
      execute: () =>
        reportFailure(sidecar, async () => {
          const folder = selected();
          if (folder === null) return;
          await requireLauncher(folder.path);
          const source = pathOnMachine(PageConfig.getOption("serverRoot"), contents.localPath(folder.path));
          await app.commands.execute(CommandIds.install, { source });
        }),
      describedBy: { args: { type: "object", properties: {} } },
    });

    const requireLauncher = async (path: string): Promise<void> => {
      const { content } = await contents.get(path, { content: true, type: "directory" });
      const names = (content as { name: string }[]).map(({ name }) => name);
      if (holdsLauncher(names)) return;
      throw new PinokioError("app-invalid", t("{folder} is not a Pinokio app", { folder: PathExt.basename(path) }), {
        hint: t("An app has a launcher in its folder: pinokio.js or pinokio.json"),
      });
    };
  },
};

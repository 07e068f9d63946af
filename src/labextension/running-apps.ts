import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { IRunningSessions } from "@jupyterlab/running";
import { Signal } from "@lumino/signaling";
import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import type { App } from "../runtime/protocol/apps.js";
import { appSituation, webPageOf } from "../widgets/app-condition.js";
import { pinokioIcon } from "./icon.js";
import { reportFailure } from "./report-failure.js";
import { CommandIds, type ISidecar } from "./tokens.js";

/** Apps that run, as JupyterLab's panel of running sessions lists things: opened with a click, stopped with a button. */
export class RunningApps implements IRunningSessions.IManager {
  readonly name: string;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;
  readonly shutdownAllConfirmationText: string;
  readonly runningChanged = new Signal<this, void>(this);
  readonly #sidecar: ISidecar;
  readonly #commands: JupyterFrontEnd["commands"];
  #client: SidecarClient | null = null;
  #before = "";

  constructor(sidecar: ISidecar, commands: JupyterFrontEnd["commands"]) {
    const { t } = sidecar;
    this.name = t("Pinokio apps");
    this.shutdownLabel = t("Stop");
    this.shutdownAllLabel = t("Stop All");
    this.shutdownAllConfirmationText = t("Stop all Pinokio apps?");
    this.#sidecar = sidecar;
    this.#commands = commands;
    sidecar.onUse((client) => {
      this.#client = client;
      client.subscribe(() => this.#look());
      this.#look();
    });
  }

  running(): IRunningSessions.IRunningItem[] {
    const { t } = this.#sidecar;
    const runs = this.#client?.state?.runs ?? [];
    return this.#apps().map((app) => {
      const { run, condition } = appSituation(app, runs, t);
      const args = { app: app.id };
      return {
        icon: () => pinokioIcon,
        label: () => app.title || app.id,
        labelTitle: () => [app.title || app.id, t(condition.word), app.url].filter((part) => part !== null).join("\n"),
        detail: () => t(condition.word),
        context: "pinokiocloud-app",
        open: () =>
          void this.#commands.execute(webPageOf(app, runs) === null ? CommandIds.showApp : CommandIds.openApp, args),
        ...(run?.state === "stopping" ? {} : { shutdown: () => this.#stop([app]) }),
      };
    });
  }

  shutdownAll(): void {
    this.#stop(this.#apps());
  }

  refreshRunning(): void {
    this.runningChanged.emit();
  }

  #apps(): App[] {
    return this.#client?.state?.apps.filter(({ runs }) => runs.length > 0) ?? [];
  }

  #stop(apps: readonly App[]): void {
    if (apps.length === 0) return;
    void reportFailure(this.#sidecar, () =>
      this.#sidecar.client.request("library.stop", { apps: apps.map(({ id }) => id) }),
    );
  }

  /** Says so only when what is listed is another: runs change many times a second. */
  #look(): void {
    const { t } = this.#sidecar;
    const runs = this.#client?.state?.runs ?? [];
    const now = this.#apps().map(
      (app) => `${app.id} ${app.title} ${app.url} ${appSituation(app, runs, t).condition.word}`,
    );
    if (now.join("\n") === this.#before) return;
    this.#before = now.join("\n");
    this.runningChanged.emit();
  }
}

import { Signal } from "@lumino/signaling";
import { Widget } from "@lumino/widgets";
import type { SidecarClient } from "../runtime/client/sidecar-client.js";
import { isLive } from "../runtime/protocol/runs.js";
import type { Usage } from "../runtime/protocol/usage.js";
import { sizeText } from "../widgets/measures.js";
import { pinokioIcon } from "./icon.js";
import type { ISidecar } from "./tokens.js";

const EVERY_MS = 5_000;

/** What runs, in a few words. Asks how much is used only while something runs and somebody can see it. */
export class UsageItem extends Widget {
  readonly shownChanged = new Signal<this, void>(this);
  readonly #sidecar: ISidecar;
  readonly #button: HTMLButtonElement;
  readonly #text = document.createElement("span");
  #client: SidecarClient | null = null;
  #isWanted = false;
  #isShown = false;
  #usage: Usage | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sidecar: ISidecar, onPress: () => void) {
    super();
    this.addClass("jp-mod-highlighted");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pk-status-item";
    button.addEventListener("click", onPress);
    this.#text.className = "jp-StatusBar-TextItem";
    button.append(pinokioIcon.element({ tag: "span", stylesheet: "statusBar" }), this.#text);
    this.node.append(button);
    this.#button = button;
    this.#sidecar = sidecar;
    sidecar.onUse((client) => {
      this.#client = client;
      client.subscribe(() => this.#update());
      this.#update();
    });
  }

  /** Whether there is something to say. */
  get isShown(): boolean {
    return this.#isShown;
  }

  setWanted(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#update();
  }

  override dispose(): void {
    clearTimeout(this.#timer);
    super.dispose();
  }

  #update(): void {
    const { t } = this.#sidecar;
    const running = this.#running();
    const isShown = this.#isWanted && this.#client?.connection.kind === "connected";
    if (running === 0) this.#usage = null;
    const text = [
      running === 1 ? t("1 app runs") : t("{count} apps run", { count: running }),
      gpuMemoryText(this.#usage),
    ].filter((part) => part !== null);
    this.#text.textContent = text.join(" · ");
    this.#button.title = t("PinokioCloud: show what runs");
    if (isShown && running > 0) this.#ask();
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    this.shownChanged.emit();
  }

  /** Apps, not runs: one app may run several scripts. */
  #running(): number {
    const live = this.#client?.state?.runs.filter(isLive) ?? [];
    return new Set(live.map(({ appId, id }) => appId ?? id)).size;
  }

  #ask(): void {
    if (this.#timer !== undefined) return;
    const go = async (): Promise<void> => {
      if (document.visibilityState === "visible") {
        const usage = (await this.#client?.request("usage.now", {}).catch(() => null)) ?? null;
        if (this.isDisposed) return;
        this.#usage = usage;
      }
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#update();
      }, EVERY_MS);
      this.#update();
    };
    this.#timer = setTimeout(() => void go());
  }
}

/** Of all cards together, such as "5.8 of 15 GB GPU memory"; null where there is none. */
function gpuMemoryText(usage: Usage | null): string | null {
  if (usage === null || usage.gpus.length === 0) return null;
  const sum = (pick: (gpu: Usage["gpus"][number]) => number) => usage.gpus.reduce((all, gpu) => all + pick(gpu), 0);
  const used = sizeText(sum(({ memoryBytes }) => memoryBytes));
  const total = sizeText(sum(({ totalBytes }) => totalBytes));
  return `GPU ${used} / ${total}`;
}

import { Panel, type Widget } from "@lumino/widgets";
import type { Translate } from "../widgets/view.js";

const WIDGET_TYPE = "application/vnd.jupyter.widget-view+json";
/** Which view it is; `display_data` in `pinokiocloud/widget.py` puts it beside the widget. */
const PART_TYPE = "application/vnd.pinokiocloud.part+json";
/** The widget manager's is -10, and the lowest is preferred. */
const RANK = -20;
/** A kernel that answers sooner than this is not worth a word. */
const SILENT_MS = 500;

interface Output {
  readonly data: Readonly<Record<string, unknown>>;
}
export type OutputRenderer = Widget & { renderModel(output: Output): Promise<void> };

/** The part of a notebook's renderers that this needs. */
interface Renderers {
  addFactory(
    factory: { safe: boolean; mimeTypes: readonly string[]; createRenderer(): OutputRenderer },
    rank: number,
  ): void;
  createRenderer(mimeType: string): OutputRenderer;
}

/** The part of a notebook's session that this needs. */
interface Session {
  readonly ready: Promise<void>;
  readonly session: {
    readonly kernel: {
      requestCommInfo(content: { target_name: string }): Promise<{ content: { status: string; comms?: object } }>;
    } | null;
  } | null;
}

/** The models of our widgets that this page holds. */
export type LiveModels = ReturnType<typeof createLiveModels>;

export function createLiveModels() {
  const ids = new Set<string>();
  const listeners = new Set<() => void>();
  return {
    has: (id: string) => ids.has(id),
    add: (id: string) => {
      ids.add(id);
      for (const listener of [...listeners]) listener();
    },
    remove: (id: string) => void ids.delete(id),
    onAdded: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** From now on this notebook says in words what to do about a view of ours whose kernel is gone. */
export function sayWhatIsGone(renderers: Renderers, session: Session, models: LiveModels, t: Translate): void {
  const world: World = {
    models,
    isInKernel: (id) => isInKernel(session, id),
    createView: () => renderers.createRenderer(WIDGET_TYPE),
    t,
  };
  // Safe: it is words, or a view of a model that this page was given by a kernel.
  const createRenderer = () => new SavedOutput(world);
  renderers.addFactory({ safe: true, mimeTypes: [PART_TYPE], createRenderer }, RANK);
}

interface World {
  models: LiveModels;
  isInKernel(modelId: string): Promise<boolean>;
  /** The widget manager's own renderer. */
  createView(): OutputRenderer;
  t: Translate;
}

/** The view while its model is there; before and otherwise, words. */
class SavedOutput extends Panel {
  readonly #world: World;
  #stopLooking: () => void = () => undefined;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override dispose(): void {
    this.#stopLooking();
    super.dispose();
  }

  async renderModel(output: Output): Promise<void> {
    const { models, isInKernel, t } = this.#world;
    this.#stopLooking();
    const id = readField(output.data[WIDGET_TYPE], "model_id");
    if (models.has(id)) return this.#showView(output);

    let isOver = false;
    const slow = setTimeout(() => this.#say(t("Waiting for the kernel")), SILENT_MS);
    const forget = models.onAdded(() => {
      if (models.has(id)) void this.#found(output);
    });
    this.#stopLooking = () => {
      isOver = true;
      clearTimeout(slow);
      forget();
    };
    const found = await isInKernel(id).catch(() => false);
    if (isOver) return;
    if (found) return this.#found(output);
    clearTimeout(slow);
    // A state that was saved with the notebook may still bring it.
    this.#say(remedy(output.data[PART_TYPE], t));
  }

  #found(output: Output): Promise<void> {
    this.#stopLooking();
    return this.#showView(output);
  }

  #showView(output: Output): Promise<void> {
    const view = this.#world.createView();
    this.#clear();
    this.addWidget(view);
    return view.renderModel(output);
  }

  #say(text: string): void {
    this.#clear();
    const words = document.createElement("div");
    words.className = "pk-saved";
    words.role = "note";
    const name = document.createElement("strong");
    name.textContent = "PinokioCloud";
    words.append(name, ` ${text}`);
    this.node.append(words);
  }

  #clear(): void {
    for (const widget of [...this.widgets]) widget.dispose();
    this.node.replaceChildren();
  }
}

function remedy(part: unknown, t: Translate): string {
  const app = readField(part, "app");
  switch (readField(part, "view")) {
    case "app":
      return t("Run the setup cell, then this cell again, to see the page of {app}", { app });
    case "running":
      return t("Run the setup cell, then this cell again, to see what runs");
    default:
      return t("Run the setup cell to see the tabs");
  }
}

async function isInKernel(context: Session, id: string): Promise<boolean> {
  await context.ready;
  const reply = await context.session?.kernel?.requestCommInfo({ target_name: "jupyter.widget" });
  return reply?.content.status === "ok" && Object.hasOwn(reply.content.comms ?? {}, id);
}

function readField(value: unknown, name: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
  return typeof found === "string" ? found : "";
}

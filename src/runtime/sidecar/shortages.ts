import { join } from "node:path";
import { treeSize } from "../base/tree-size.js";
import type { Usage } from "../protocol/usage.js";
import { diskHint, type Holding, memoryHint, ShortageWatch } from "../resources/shortages.js";
import type { HomePaths } from "../storage/paths.js";

export interface ShortageWorld {
  paths: Pick<HomePaths, "home" | "trash" | "api">;
  apps(): readonly string[];
  /** What a run is called. */
  nameOf(run: string): string;
  usage(): Promise<Pick<Usage, "disk" | "memory" | "runs">>;
  /** Below so much free disk it is told; without it what is usual. */
  leastDiskBytes?(): number;
  tell(message: string, hint: string): void;
}

/** Tells what is nearly used up, with what could be freed. */
export class ShortageTeller {
  readonly #world: ShortageWorld;
  readonly #watch: ShortageWatch;

  constructor(world: ShortageWorld) {
    this.#world = world;
    this.#watch = new ShortageWatch(world.leastDiskBytes);
  }

  async look(): Promise<void> {
    const usage = await this.#world.usage();
    for (const { kind, message } of this.#watch.look(usage)) {
      this.#world.tell(message, kind === "disk" ? await this.#diskHint() : this.#memoryHint(usage));
    }
  }

  async #diskHint(): Promise<string> {
    const { paths, apps } = this.#world;
    const size = async (name: string, ...folders: string[]): Promise<Holding> => {
      const { bytes } = await treeSize(folders);
      return { name, bytes };
    };
    const { packageCaches } = await import("../freeing/index.js");
    const free = [await size("the trash", paths.trash), await size("caches", ...packageCaches(paths.home))];
    const held: Holding[] = [];
    for (const app of apps()) held.push(await size(app, join(paths.api, app))); // one after the other: others work too
    return diskHint({ free, apps: held });
  }

  #memoryHint({ runs }: Pick<Usage, "runs">): string {
    return memoryHint(
      Object.entries(runs).map(([id, { memoryBytes }]) => ({ name: this.#world.nameOf(id), bytes: memoryBytes })),
    );
  }
}

import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { MetContent } from "../base/tree-size.js";
import type { StorageUse } from "../protocol/machine.js";
import { measureFolder } from "./folder-size.js";
import type { HomePaths } from "./paths.js";

/** Of the caches of a home: what apps fetch as models. */
const MODEL_CACHES = ["HF_HOME", "TORCH_HOME"];

/** What takes room in the home. Links are not followed, and content with several names counts once, with the first. */
export async function measureUse(paths: HomePaths): Promise<StorageUse> {
  const met = new MetContent();
  const modelCaches = MODEL_CACHES.map((name) => join(paths.cache, name));
  const whole = async (...folders: string[]): Promise<number> => {
    let bytes = 0;
    for (const folder of folders) {
      const { environmentsBytes, filesBytes } = await measureFolder(folder, { met });
      bytes += environmentsBytes + filesBytes;
    }
    return bytes;
  };
  const apps = await measureFolder(paths.api, { met });
  const models = await whole(paths.drive, ...modelCaches);
  const environments = apps.environmentsBytes + (await whole(paths.envs));
  const caches = await measureFolder(paths.cache, { met, without: new Set(modelCaches) });
  const kinds = [
    { kind: "apps", label: "Apps", path: paths.api, bytes: apps.filesBytes },
    { kind: "models", label: "Shared models", path: paths.drive, bytes: models },
    { kind: "environments", label: "Environments", path: paths.envs, bytes: environments },
    { kind: "cache", label: "Caches", path: paths.cache, bytes: caches.filesBytes + caches.environmentsBytes },
    { kind: "runs", label: "Run output and logs", path: paths.runs, bytes: await whole(paths.runs, paths.logs) },
    { kind: "trash", label: "Trash", path: paths.trash, bytes: await whole(paths.trash) },
  ];
  return { disk: await diskOf(paths.home), kinds };
}

export async function diskOf(path: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

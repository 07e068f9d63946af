import { lstat, readdir, readFile, statfs } from "node:fs/promises";
import { join, relative } from "node:path";
import type { StorageUse } from "../protocol/machine.js";
import type { HomePaths } from "./paths.js";

/** What takes room in the home. Links are not followed, so nothing is counted twice or outside. */
export async function measureUse(paths: HomePaths): Promise<StorageUse> {
  const environments: StorageUse["environments"] = [];
  const kinds = [
    { kind: "apps", label: "Apps", path: paths.api },
    { kind: "models", label: "Shared models", path: paths.drive },
    { kind: "environments", label: "Environments", path: paths.envs },
    { kind: "cache", label: "Caches", path: paths.cache },
    { kind: "runs", label: "Run output and logs", path: paths.runs },
    { kind: "trash", label: "Trash", path: paths.trash },
  ];
  const bytes = new Map<string, number>();
  for (const { kind, path } of kinds) {
    const own = await sizeOf(path, async (folder, size) => {
      const python = await pythonOf(folder);
      if (python === undefined) return false;
      const [app = ""] = relative(paths.api, folder).split("/");
      environments.push({ path: folder, app: kind === "apps" ? app : "", python, bytes: size });
      return true;
    });
    add(bytes, kind, own.bytes);
    add(bytes, "environments", own.claimed);
  }
  return {
    disk: await diskOf(paths.home),
    kinds: kinds.map((entry) => ({ ...entry, bytes: bytes.get(entry.kind) ?? 0 })),
    environments,
  };
}

export async function diskOf(path: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

const add = (map: Map<string, number>, key: string, bytes: number) => map.set(key, (map.get(key) ?? 0) + bytes);

/** Bytes below a folder; `claim` may take a sub-folder's bytes out of the sum. */
async function sizeOf(
  path: string,
  claim: (folder: string, bytes: number) => Promise<boolean>,
): Promise<{ bytes: number; claimed: number }> {
  const sum = { bytes: 0, claimed: 0 };
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch {
    return sum; // missing, or not ours to read
  }
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      const below = await sizeOf(child, claim);
      sum.claimed += below.claimed;
      if (await claim(child, below.bytes)) sum.claimed += below.bytes;
      else sum.bytes += below.bytes;
    } else {
      const found = await lstat(child).catch(() => null);
      if (found !== null) sum.bytes += found.blocks * 512;
    }
  }
  return sum;
}

/** The Python version of a virtual environment, null when it does not say, undefined when the folder is none. */
async function pythonOf(folder: string): Promise<string | null | undefined> {
  try {
    const text = await readFile(join(folder, "pyvenv.cfg"), "utf8");
    return /^version(?:_info)?\s*=\s*(\S+)/m.exec(text)?.[1] ?? null;
  } catch {
    return undefined;
  }
}

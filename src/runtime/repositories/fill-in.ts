import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FillOrder } from "./fill-order.js";
import type { Git } from "./git.js";
import { fetchLargeFiles } from "./lfs.js";

/** What a checkout does not bring by itself: submodules, and the contents of large files. */
export async function fillIn(git: Git, order: FillOrder): Promise<void> {
  const { folder, remote, signal, tell } = order;
  await fetchLargeFiles(git, order);
  if (!existsSync(join(folder, ".gitmodules"))) return;
  tell({ phase: "submodules", progress: null });
  const at = { cwd: folder, signal, remote };
  await git.run(["submodule", "update", "--init", "--recursive", "--progress"], {
    ...at,
    onProgress: ({ done, total, part }) =>
      tell({ phase: "submodules", progress: { done, total, unit: part === "files" ? "files" : "objects" } }),
  });
  for (const below of await submodulesOf(git, folder, signal)) {
    const own = await git.ask(["remote", "get-url", "origin"], { cwd: below, signal });
    if (own === null) continue;
    await fetchLargeFiles(git, { ...order, folder: below, remote: { ...remote, url: own.trim() } });
  }
}

/** Every folder with a repository of its own that the repository names. */
async function submodulesOf(git: Git, folder: string, signal: AbortSignal): Promise<string[]> {
  const found = await git.ask(["submodule", "foreach", "--quiet", "--recursive", "pwd"], { cwd: folder, signal });
  return (found ?? "").split("\n").filter((line) => line !== "");
}

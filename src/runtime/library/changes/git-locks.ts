import { lstatSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ChangesWorld } from "./world.js";

const LOCKS = ["index.lock", "HEAD.lock", "ORIG_HEAD.lock"];
/** Git is done with most of what it locks in a moment; a younger one may be of a process that cannot be seen from here. */
const OLD_MS = 30_000;

/**
 * Whoever was killed in the middle has left marks that keep others from the checkout: those go that nobody holds and that
 * are old, or of the change that began `since`.
 */
export async function releaseLocks(
  folder: string,
  world: Pick<ChangesWorld, "repositories" | "isHeld" | "now">,
  since: string | null,
): Promise<void> {
  await world.repositories.settled();
  const left = LOCKS.map((name) => join(folder, ".git", name)).filter((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return false;
    const isOwn = since !== null && found.mtimeMs >= Date.parse(since);
    return isOwn || world.now().getTime() - found.mtimeMs > OLD_MS;
  });
  if (left.length === 0 || world.isHeld(folder, left)) return;
  for (const path of left) rmSync(path, { force: true });
}

import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMadeAgain, ownFiles } from "../../base/own-files.js";
import { treeSize } from "../../base/tree-size.js";
import type { Environment } from "../../protocol/environments.js";
import type { FindHow, Found, FreeableKind, FreeWorld } from "../freeable.js";
import { LEAST_BYTES } from "../freeable.js";
import { isWorkedWith } from "../in-use.js";
import { isOwn, removeForGood } from "../remove.js";

/** Environments of no app that nobody is known to work with. */
export const environments: FreeableKind = {
  kind: "environment",

  find: async (world, how) => {
    const found: Found[] = [];
    for (const { id, path } of await unused(world)) {
      const { bytes } = await treeSize([path], how.signal);
      if (bytes >= LEAST_BYTES) found.push(await itemOf(id, path, bytes, world, how));
    }
    return found;
  },

  free: async ({ where: [id = ""] }, world, how, watch) => {
    const still = (await unused(world)).find((one) => one.id === id);
    if (still === undefined || (await obstacleTo(still.path, world, how)) !== null)
      return { bytes: 0, problems: [`${id} is needed by now`] };
    return removeForGood(world.home, [still.path], watch);
  },
};

const itemOf = async (id: string, path: string, bytes: number, world: FreeWorld, how: FindHow): Promise<Found> => ({
  id: `environment:${id}`,
  label: `Environment ${id}`,
  where: [id],
  bytes,
  means: "No app is known to work with it; who needs it after all has to make it again",
  isSafe: false,
  refused: await obstacleTo(path, world, how),
});

async function obstacleTo(path: string, world: FreeWorld, { signal }: FindHow): Promise<string | null> {
  if (isWorkedWith(path)) return "A program works with it";
  const [busy] = world.atWork().filter(({ isReady }) => !isReady);
  if (busy !== undefined) return `${busy.title} may be using it: wait for its end, or stop it`;
  return (await holdsOnlyItsOwn(path, world, signal)) ? null : "Files of yours lie in it";
}

/** Whether nobody has put a file into it, as far as an environment's own files can be told. */
async function holdsOnlyItsOwn(path: string, { programs }: FreeWorld, signal: AbortSignal): Promise<boolean> {
  const real = realpathSync(path);
  const top = dirname(real);
  return isMadeAgain(real, top) || (await ownFiles({ path: real, top, programs, signal })).length === 0;
}

async function unused(world: FreeWorld): Promise<Environment[]> {
  const { environments: all, active } = await world.environments();
  const isInAnother = ({ id }: Environment) => all.some((other) => id.startsWith(`${other.id}/`));
  const holdsAnother = ({ id }: Environment) => all.some((other) => other.id.startsWith(`${id}/`));
  return all.filter((one) => {
    const { id, path, users, holds } = one;
    const isFree = users.every((user) => !world.isInstalled(user)) && holds.length === 0 && id !== active;
    if (!id.startsWith("envs/") || !isFree || isInAnother(one) || holdsAnother(one)) return false;
    return path === join(world.home, id) && isOwn(world.home, path);
  });
}

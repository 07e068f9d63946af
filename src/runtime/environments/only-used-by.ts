import { join } from "node:path";
import { isInside } from "../base/inside-folder.js";
import type { AppId } from "../protocol/ids.js";
import { environmentUsers, realOf } from "./environment-users.js";
import { findEnvironments, type FoundEnvironments } from "./find-environments.js";

export interface OnlyUsedOrder {
  home: string;
  /** Those that are installed. */
  apps: readonly AppId[];
  /** Whether others than apps need the environment of this id. */
  isNeeded(id: string): boolean;
}

/** The folders of environments below `<home>/envs` that an app works with, and no other that is installed. */
export async function environmentsOnlyOf(app: AppId, order: OnlyUsedOrder): Promise<string[]> {
  const { home, apps, isNeeded } = order;
  const found = await findEnvironments(home);
  const { all } = found;
  const outer = all.filter(({ id, path }) => {
    const isBelow = all.some((other) => other.path !== path && isInside(other.path, path));
    return id.startsWith("envs/") && !isBelow && realOf(path) === join(realOf(home), id);
  });
  return outer.flatMap(({ id, path }) => {
    const users = usersAround(home, id, found);
    const isOthers = users.some((user) => user !== app && apps.includes(user));
    const isHeld = all.some((one) => isInside(path, one.path) && isNeeded(one.id));
    return users.includes(app) && !isOthers && !isHeld ? [path] : [];
  });
}

/** Who works with an environment, one in it, or the folder that it lies in. */
function usersAround(home: string, id: string, { linked }: FoundEnvironments): AppId[] {
  const noted = Object.entries(environmentUsers(home)).filter(([other]) => isRelated(id, other));
  const real = join(realOf(home), id);
  const links = linked.filter(({ target }) => isRelated(real, target) || isRelated(real, realOf(target)));
  return [...noted.flatMap(([, apps]) => apps), ...links.map((link) => link.app)];
}

const isRelated = (one: string, other: string): boolean => isInside(one, other) || isInside(other, one);

import { relative } from "node:path";
import { isInside } from "../base/inside-folder.js";
import type { AppId } from "../protocol/ids.js";
import type { FoundLink, FoundModels } from "./find-models.js";

/** Which apps use what lies at a path: whose folder it is in, and who has a link to it or to a folder around it. */
export type UsersOf = (path: string) => AppId[];

export function usersIn({ home, links, files, repositories }: FoundModels): UsersOf {
  const owners = new Map<string, AppId>();
  for (const { path, app } of [...files, ...repositories.flatMap((one) => one.files)])
    if (app !== null) owners.set(path, app);
  const ofApps = links.filter((link) => link.app !== null);
  const others = links.filter((link) => link.app === null);
  const byTarget = grouped(ofApps);
  const linkedFrom = (path: string): AppId[] => above(home, path).flatMap((folder) => byTarget.get(folder) ?? []);
  const throughDrive = (path: string): AppId[] =>
    others.filter(({ target }) => isInside(target, path)).flatMap((link) => linkedFrom(link.path));
  return (path) => {
    const owner = owners.get(path);
    const users = [...(owner === undefined ? [] : [owner]), ...linkedFrom(path), ...throughDrive(path)];
    return [...new Set(users)].sort();
  };
}

function grouped(links: readonly FoundLink[]): Map<string, AppId[]> {
  const byTarget = new Map<string, AppId[]>();
  for (const { target, app } of links) {
    if (app !== null) byTarget.set(target, [...(byTarget.get(target) ?? []), app]);
  }
  return byTarget;
}

/** A path and every folder around it, up to the home. */
function above(home: string, path: string): string[] {
  const parts = relative(home, path).split("/");
  return parts.map((_, at) => [home, ...parts.slice(0, at + 1)].join("/"));
}

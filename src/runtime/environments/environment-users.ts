import { readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { AppId } from "../protocol/ids.js";

/** By an environment's id: the apps whose scripts have worked in it. */
const Users = z.record(z.string(), z.array(AppId));
type Users = z.infer<typeof Users>;

const fileIn = (home: string): string => join(home, "system", "environment-users.json");

/** Which apps work with environments outside of their own folders; nothing where it cannot be read. */
export function environmentUsers(home: string): Users {
  try {
    return Users.parse(JSON.parse(readFileSync(fileIn(home), "utf8")));
  } catch {
    return {};
  }
}

/** Writes down that an app works with an environment that others may work with too. Known ones cost a look. */
export function noteEnvironmentUser(home: string, id: string, app: AppId): void {
  const users = environmentUsers(home);
  const known = users[id] ?? [];
  if (known.includes(app)) return;
  try {
    writeJsonAtomic(fileIn(home), { ...users, [id]: [...known, app].sort() });
  } catch {
    // it is only told to people; the app's work goes on
  }
}

/** The ids by which an environment's folder is known: as its path is written, and as it really lies in the home. */
export function environmentIdsOf(home: string, path: string): string[] {
  const ids = [relative(home, path), relative(realOf(home), realOf(path))];
  return [...new Set(ids)].filter((id) => id !== "" && id !== ".." && !id.startsWith("../"));
}

export function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { RunGroups } from "../protocol/channel.js";
import type { OverMemory } from "../protocol/runs.js";

/** Where the system tells of its control groups; tests pass their own. */
export interface CgroupFiles {
  mounts: string;
  own: string;
}

const SYSTEM: CgroupFiles = { mounts: "/proc/self/mountinfo", own: "/proc/self/cgroup" };

/** One tree of control groups: all controllers in one (2), or a tree for each (1). */
export interface CgroupTree {
  version: 1 | 2;
  /** Of the second generation those that groups below this process's may use. */
  controllers: readonly string[];
  /** The group that this process is in. */
  folder: string;
}

/** Begins the names of our own groups. A process of a run makes none inside of its run's. */
export const RUN_GROUP_PREFIX = "pinokiocloud-";

/** The trees that can be seen here, with the place of this process in each. */
export function ownCgroups({ mounts, own }: CgroupFiles = SYSTEM): CgroupTree[] {
  const mounted = lines(mounts).flatMap(cgroupMount);
  return lines(own).flatMap((line): CgroupTree[] => {
    const [, names = "", path = "/"] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const controllers = names.split(",").filter((name) => name !== "");
    const mount = mounted.find(({ version, options }) =>
      controllers.length === 0 ? version === 2 : version === 1 && controllers.every((name) => options.includes(name)),
    );
    if (mount === undefined) return [];
    const folder = withoutRunGroup(resolve(mount.point, `.${belowRoot(path, mount.root)}`));
    if (mount.version === 1) return [{ version: 1, controllers, folder }];
    return [{ version: 2, controllers: words(join(folder, "cgroup.controllers")), folder }];
  });
}

interface Mount {
  version: 1 | 2;
  root: string;
  point: string;
  options: readonly string[];
}

function cgroupMount(line: string): Mount[] {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , root = "", point = ""] = before.split(" ").map(unescaped);
  const [type, , options = ""] = after.split(" ");
  if (type !== "cgroup" && type !== "cgroup2") return [];
  return [{ version: type === "cgroup" ? 1 : 2, root, point, options: options.split(",") }];
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));

/** In a container a path may be that of the outside: its own group is then at the top. */
function belowRoot(path: string, root: string): string {
  if (root === "/") return path.startsWith("/..") ? "/" : path;
  return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : "/";
}

function withoutRunGroup(folder: string): string {
  const at = folder.indexOf(`/${RUN_GROUP_PREFIX}`);
  return at === -1 ? folder : folder.slice(0, at) || "/";
}

/** Makes a group, or says that none can be made there. */
export function makeGroup(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Returns whether it is gone; one that holds processes cannot be removed. */
export function removeGroup(folder: string): boolean {
  for (const below of groupsBelow(folder)) removeGroup(below);
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

/** Every process in it and in groups below it. Those that this process cannot see are left out. */
export function groupProcesses(folder: string): number[] {
  const own = lines(join(folder, "cgroup.procs")).map(Number);
  return [...own.filter((pid) => pid > 0), ...groupsBelow(folder).flatMap(groupProcesses)];
}

export function groupsBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
}

/** Kills everything in it at once, whatever it starts meanwhile. Returns false where the system cannot do that. */
export const killGroup = (folder: string): boolean => writeGroup(folder, "cgroup.kill", "1");

export function writeGroup(folder: string, file: string, value: string): boolean {
  try {
    writeFileSync(join(folder, file), value, { flag: "r+" }); // never makes a file where there is no such thing
    return true;
  } catch {
    return false;
  }
}

export function isWritable(folder: string, file: string): boolean {
  try {
    accessSync(join(folder, file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a group may use of the memory, and what became of programs that wanted more. */
interface GroupMemory {
  limitBytes: number | null;
  /** Programs of it that the system has ended for want of memory. */
  kills: number;
  /** Whether that was for want of its own: the group reached its limit. */
  hasReachedLimit: boolean;
}

/** A program is ended when what it wants next does not fit, so a group never quite reaches its limit. */
const NEARLY = 0.9;

/** A limit that means none. */
const NO_LIMIT = 2 ** 60;

/** Null where the group does not tell, or is gone. */
function groupMemory(folder: string): GroupMemory | null {
  const events = lines(join(folder, "memory.events")).concat(lines(join(folder, "memory.oom_control")));
  const count = (name: string): number =>
    Number(events.find((line) => line.startsWith(`${name} `))?.split(" ")[1] ?? 0);
  if (events.length === 0) return null;
  const [limit = ""] = words(join(folder, "memory.max")).concat(words(join(folder, "memory.limit_in_bytes")));
  const limitBytes = /^\d+$/.test(limit) && Number(limit) < NO_LIMIT ? Number(limit) : null;
  // Kernels of today do not count in the first generation how often a limit was reached.
  const [most = 0] = words(join(folder, "memory.max_usage_in_bytes")).map(Number);
  const hasReachedLimit = count("oom") > 0 || (limitBytes !== null && most >= limitBytes * NEARLY);
  return { limitBytes, kills: count("oom_kill"), hasReachedLimit };
}

/** What of a run the system has ended because it wanted more memory than it may use; null when nothing. */
export function overMemoryOf(groups: RunGroups | null | undefined): OverMemory | null {
  const memory = groups?.memory == null ? null : groupMemory(groups.memory);
  if (memory === null || memory.kills === 0 || !memory.hasReachedLimit) return null;
  return { programs: memory.kills, limitBytes: memory.limitBytes };
}

const words = (file: string): string[] => (lines(file)[0] ?? "").split(/\s+/).filter((word) => word !== "");

function lines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

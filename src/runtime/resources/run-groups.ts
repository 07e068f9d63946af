import { statSync } from "node:fs";
import { join } from "node:path";
import {
  type CgroupTree,
  groupProcesses,
  groupsBelow,
  isWritable,
  makeGroup,
  ownCgroups,
  removeGroup,
  RUN_GROUP_PREFIX,
  writeGroup,
} from "../base/cgroups.js";
import { ProcessTree } from "../base/process-tree.js";
import type { Enforcement } from "../protocol/app-settings.js";
import { groupFolders, type RunGroups } from "../protocol/channel.js";
import type { RunId } from "../protocol/ids.js";

type Limited = "memory" | "cpu";

/** What may be used of each; null for no limit. */
export interface Limits {
  memoryBytes: number | null;
  cpu: number | null;
}

export type Enforced = Record<Limited, Enforcement>;

const PERIOD_US = 100_000;
const REMOVE_AFTER_MS = [20, 100, 500, 2_000, 10_000];

/**
 * Control groups of runs, below the one that the sidecar is in. One holds everything of a run, so that all of it is
 * found; its programs are in others while their memory and processor time are limited, the runner never.
 */
export class RunGroupMaker {
  readonly #given: readonly CgroupTree[] | null;
  #read: readonly CgroupTree[] | null = null;
  #trailFolders: string[] | null = null;
  readonly #limiting = new Map<Limited, string | null>();

  /** Without trees those of this machine, read when they are first needed. An empty list: nothing is ever made. */
  constructor(trees: readonly CgroupTree[] | null = null) {
    this.#given = trees;
  }

  get #trees(): readonly CgroupTree[] {
    return this.#given ?? (this.#read ??= ownCgroups());
  }

  /** Null where no group can be made; that is found out once. */
  make(id: RunId, { isLimited }: { isLimited: boolean }): RunGroups | null {
    const name = RUN_GROUP_PREFIX + id;
    const groups: RunGroups = { trail: this.#makeTrail(name), memory: null, cpu: null };
    if (isLimited) {
      for (const limited of LIMITED) {
        const parent = this.#limitingFolder(limited);
        const folder = parent === null ? null : join(parent, `${name}.programs`);
        if (folder !== null && (folder === groups.memory || makeGroup(folder))) groups[limited] = folder;
      }
    }
    return groupFolders(groups).length === 0 ? null : groups;
  }

  /** How limits of a run that starts now would be enforced. */
  get enforced(): Enforced {
    const by = (limited: Limited): Enforcement => (this.#limitingFolder(limited) === null ? "watched" : "cgroup");
    return { memory: by("memory"), cpu: by("cpu") };
  }

  /** Gives back in a while what a run had that is over: its last process may be on its way out. */
  remove(groups: RunGroups): void {
    let left = groupFolders(groups);
    const attempt = (round: number): void => {
      left = left.filter((folder) => !removeGroup(folder));
      const wait = REMOVE_AFTER_MS[round];
      if (left.length > 0 && wait !== undefined) setTimeout(() => attempt(round + 1), wait).unref();
    };
    attempt(0);
  }

  /** What runs left that were over before anybody could tell; null for a run that is not known here. */
  sweep(isOver: (id: string) => boolean | null): void {
    const found = this.#trees
      .flatMap(({ folder }) => groupsBelow(folder))
      .flatMap((folder) => {
        const [, id, programs] = OWN_NAME.exec(folder) ?? [];
        return id === undefined ? [] : [{ id, folder, isTrail: programs === undefined }];
      });
    for (const { id, folder, isTrail } of found) {
      // A run of another home lives as long as its trail holds somebody; its programs come and go.
      const mayLive = !isTrail && found.some((other) => other.isTrail && other.id === id);
      if (isOver(id) ?? (!mayLive && isForsaken(folder))) removeGroup(folder);
    }
  }

  #makeTrail(name: string): string | null {
    this.#trailFolders ??= [...this.#trees].sort((a, b) => trailRank(a) - trailRank(b)).map(({ folder }) => folder);
    while (this.#trailFolders[0] !== undefined) {
      const folder = join(this.#trailFolders[0], name);
      if (makeGroup(folder)) return folder;
      this.#trailFolders.shift();
    }
    return null;
  }

  #limitingFolder(limited: Limited): string | null {
    const known = this.#limiting.get(limited);
    if (known !== undefined) return known;
    const tree =
      this.#trees.find(({ version, controllers }) => version === 1 && controllers.includes(limited)) ??
      this.#trees.find(({ version, controllers }) => version === 2 && controllers.includes(limited));
    const folder = tree !== undefined && canLimit(tree, limited) ? tree.folder : null;
    this.#limiting.set(limited, folder);
    return folder;
  }
}

const LIMITED: readonly Limited[] = ["memory", "cpu"];
const OWN_NAME = new RegExp(`/${RUN_GROUP_PREFIX}(run_[0-9a-z]{12})(\\.programs)?$`);
/** Longer than a run takes from its group's making to its first process. */
const FORSAKEN_MS = 60_000;

const isForsaken = (folder: string): boolean => {
  const made = statSync(folder, { throwIfNoEntry: false })?.ctimeMs ?? Infinity;
  return Date.now() - made > FORSAKEN_MS && groupProcesses(folder).length === 0;
};

/** Where groups cost least: without controllers, else with one that only counts. */
function trailRank({ version, controllers }: CgroupTree): number {
  if (version === 2) return 0;
  const at = ["pids", "freezer"].findIndex((name) => controllers.includes(name));
  return at === -1 ? 3 : 1 + at;
}

/** Tried out: what permissions say of these folders is not the whole truth. */
function canLimit(tree: CgroupTree, limited: Limited): boolean {
  if (tree.version === 2 && !handDown(tree.folder, limited)) return false;
  const trial = join(tree.folder, `${RUN_GROUP_PREFIX}trial-${process.pid}`);
  if (!makeGroup(trial)) return false;
  const isPossible = isWritable(trial, FILES[limited][tree.version]);
  removeGroup(trial);
  return isPossible;
}

const FILES: Record<Limited, Record<1 | 2, string>> = {
  memory: { 1: "memory.limit_in_bytes", 2: "memory.max" },
  cpu: { 1: "cpu.cfs_quota_us", 2: "cpu.max" },
};

/**
 * Lets groups below use a controller. The system refuses that while processes are in the group itself; ours move into
 * one below, but nobody else's.
 */
function handDown(folder: string, controller: string): boolean {
  const allow = (): boolean => writeGroup(folder, "cgroup.subtree_control", `+${controller}`);
  if (allow()) return true;
  const ours = new Set(new ProcessTree().below([process.pid]));
  const inside = groupProcesses(folder);
  if (inside.length === 0 || !inside.every((pid) => ours.has(pid))) return false;
  const place = join(folder, `${RUN_GROUP_PREFIX}sidecar-${process.pid}`);
  if (!makeGroup(place)) return false;
  for (const pid of inside) writeGroup(place, "cgroup.procs", String(pid));
  return allow();
}

/** Sets what a run's programs may use, and says what of it the system holds them to. */
export function setLimits({ memory, cpu }: RunGroups, limits: Limits): Enforced {
  return {
    memory: memory !== null && limitMemory(memory, limits.memoryBytes) ? "cgroup" : "watched",
    cpu: cpu !== null && limitCpu(cpu, limits.cpu) ? "cgroup" : "watched",
  };
}

function limitMemory(folder: string, bytes: number | null): boolean {
  if (isWritable(folder, FILES.memory[2])) {
    writeGroup(folder, "memory.swap.max", bytes === null ? "max" : "0"); // not there without swap
    return writeGroup(folder, FILES.memory[2], bytes === null ? "max" : String(bytes));
  }
  // The sum with swap may not be below the other one at any moment.
  writeGroup(folder, "memory.memsw.limit_in_bytes", "-1");
  const isSet = writeGroup(folder, FILES.memory[1], bytes === null ? "-1" : String(bytes));
  if (isSet && bytes !== null) writeGroup(folder, "memory.memsw.limit_in_bytes", String(bytes));
  return isSet;
}

function limitCpu(folder: string, cores: number | null): boolean {
  const quota = cores === null ? null : Math.max(1_000, Math.round(cores * PERIOD_US));
  if (isWritable(folder, FILES.cpu[2])) return writeGroup(folder, FILES.cpu[2], `${quota ?? "max"} ${PERIOD_US}`);
  writeGroup(folder, "cpu.cfs_period_us", String(PERIOD_US));
  return writeGroup(folder, FILES.cpu[1], String(quota ?? -1));
}

import { overMemoryOf } from "../base/cgroups.js";
import type { AppRules, AppSettingsFile } from "../config/app-settings.js";
import type { Enforcement } from "../protocol/app-settings.js";
import type { RunGroups, RunRequest } from "../protocol/channel.js";
import type { RunId } from "../protocol/ids.js";
import type { Run } from "../protocol/runs.js";
import { type Enforced, RunGroupMaker, setLimits } from "../resources/run-groups.js";
import type { GroupsOfRuns } from "../supervisor/groups-of-runs.js";

/** How a live run is held to its app's limits. */
interface Held {
  groups: RunGroups | null;
  enforced: Enforced;
  /** Programs that the system has ended so far. */
  kills: number;
  /** How much its programs were told to yield at last, and the most ever. */
  nice: number;
  mostNice: number;
}

const WATCHED: Enforced = { memory: "watched", cpu: "watched" };

export const isLimited = ({ memoryBytes, cpu }: AppRules): boolean => memoryBytes !== null || cpu !== null;

/** Which runs are held how. They are before they are started, and again by the next sidecar. */
export class HeldRuns {
  readonly #maker: RunGroupMaker;
  readonly #settings: AppSettingsFile;
  readonly #held = new Map<RunId, Held>();
  #requestOf: (id: RunId) => RunRequest | null = () => null;

  constructor(settings: AppSettingsFile, useCgroups: boolean) {
    this.#settings = settings;
    this.#maker = useCgroups ? new RunGroupMaker() : new RunGroupMaker([]);
  }

  readonly groups: GroupsOfRuns = {
    make: (id, appId) => {
      const rules = this.#settings.of(appId);
      const made = this.#maker.make(id, { isLimited: isLimited(rules) });
      this.#hold(id, made, rules, rules.nice);
      return made;
    },
    remove: (found) => this.#maker.remove(found),
  };

  /** How those are held that start from now on. */
  get enforced(): Enforced {
    return this.#maker.enforced;
  }

  /** How runs are known that another sidecar has started. */
  askOf(requestOf: (id: RunId) => RunRequest | null): void {
    this.#requestOf = requestOf;
  }

  /** What runs left that were over before anybody could tell. */
  sweep(isOver: (id: string) => boolean | null): void {
    this.#maker.sweep(isOver);
  }

  of({ id, appId }: Run): Held {
    const known = this.#held.get(id);
    if (known !== undefined) return known;
    const asked = this.#requestOf(id);
    return this.#hold(id, asked?.groups ?? null, this.#settings.of(appId), asked?.nice ?? 0);
  }

  /** What its app may use has changed. */
  holdAgain(run: Run): Held {
    const held = this.of(run);
    held.enforced = enforce(held.groups, this.#settings.of(run.appId));
    return held;
  }

  /** Who does it for a run that has this limit, or null for one without. */
  by(run: Run, limited: "memory" | "cpu"): Enforcement | null {
    const { memoryBytes, cpu } = this.#settings.of(run.appId);
    return (limited === "memory" ? memoryBytes : cpu) === null ? null : this.of(run).enforced[limited];
  }

  noteNice(run: Run, nice: number): void {
    const held = this.of(run);
    held.nice = nice;
    held.mostNice = Math.max(held.mostNice, nice);
  }

  forget(id: RunId): void {
    this.#held.delete(id);
  }

  #hold(id: RunId, groups: RunGroups | null, rules: AppRules, nice: number): Held {
    const kills = overMemoryOf(groups)?.programs ?? 0;
    const held: Held = { groups, enforced: enforce(groups, rules), kills, nice, mostNice: nice };
    this.#held.set(id, held);
    return held;
  }
}

const enforce = (groups: RunGroups | null, rules: AppRules): Enforced =>
  groups === null ? WATCHED : setLimits(groups, rules);

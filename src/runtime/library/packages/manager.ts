import { PinokioError } from "../../protocol/errors.js";
import type { InstalledPackageView, PackagePlan, PackageRemoval } from "../../protocol/package-requests.js";
import { AppId, bareAppName } from "../../protocol/ids.js";
import type { Package } from "../../protocol/packages.js";
import type { Job } from "../../protocol/jobs.js";
import type { JobContext, Jobs } from "../jobs.js";
import { inOrder, type Needing, needsOf } from "./dependencies.js";
import { atCommit } from "./at-commit.js";
import { packageKinds } from "./index.js";
import type { FoundHere, PackageWorld } from "./package-kind.js";
import type { PackageRecord, PackageStore } from "./package-store.js";

export interface PackageManagerOptions {
  store: PackageStore;
  jobs: Jobs;
  world: PackageWorld;
  /** The package of that id in the catalog, or null. */
  find(id: string): Promise<Package | null>;
  /** What is installed has changed. */
  onChanged(): void;
  now(): Date;
}

/** Installs, lists and removes packages of every type. */
export interface PackageManager {
  list(): Promise<InstalledPackageView[]>;
  plan(id: string): Promise<PackagePlan>;
  install(order: PackageOrder): Promise<Job>;
  update(id: string): Promise<Job>;
  removal(id: string): Promise<PackageRemoval>;
  remove(order: { id: string; despiteUse: boolean }): Promise<Job>;
  find(id: string): FoundHere;
  /** What came only since these need it, and nobody needs without them: who needs others first. */
  cameWith(ids: readonly string[]): Promise<InstalledPackageView[]>;
  /** Packages and apps that need an app. */
  needApp(app: AppId): Promise<string[]>;
  /** Packages that were put into an environment. */
  holds(environment: string): string[];
}

export interface PackageOrder {
  id: string;
  /** Fingerprints of apps among them that a person has agreed to, by package. */
  agreed: Record<string, string>;
  despiteWarning: boolean;
  /** Only what it needs comes. */
  onlyNeeds?: boolean;
  unattended?: boolean;
  /** As it was on another machine, where that can be had: at this commit, and wanted or only needed. */
  asElsewhere?: { commit: string | null; wanted: boolean };
}

/** As those who need others are named: apps by their folders, the rest by its id. */
const nameAmong = ({ id, type, name }: FoundHere | InstalledPackageView): string => (type === "app" ? name : id);

/** One package of an installation. */
interface Step extends Needing {
  isHere: boolean;
  /** The one that somebody wants; the others only because it needs them. */
  isWanted: boolean;
}

/** What holds for all that is put in one go. */
interface PutHow extends Required<Pick<PackageOrder, "agreed" | "unattended">> {
  elsewhere?: PackageOrder["asElsewhere"];
}

export function createPackages({ store, jobs, world, find, onChanged, now }: PackageManagerOptions): PackageManager {
  const recordsOf = (type: Package["type"]): PackageRecord[] => store.all.filter((one) => one.type === type);
  const here = (): FoundHere[] => Object.values(packageKinds).flatMap((kind) => kind.list(recordsOf(kind.type), world));
  const known = (id: string): FoundHere => {
    const all = here();
    const app = bareAppName(id); // whatever package it is from, an app can be named as an app
    const found = all.find((one) => one.id === id) ?? all.find(({ type, name }) => type === "app" && name === app);
    if (found !== undefined) return found;
    throw new PinokioError("package-missing", `The package ${id} is not installed`, {
      hint: "`pinokiocloud package list` shows those that are",
    });
  };
  /** Who needs what. Of apps the catalog says it, by their packages. */
  const allNeeds = async (): Promise<{ by: string; needs: readonly string[] }[]> => {
    const apps = world.apps.list().map(async ({ app, packageId }) => {
      const pack = packageId === null ? null : await find(packageId);
      return { by: app, needs: pack === null ? [] : await needsOf(pack, find) };
    });
    return [
      ...store.all.map(({ id, dependencies }) => ({ by: id, needs: dependencies })),
      ...(await Promise.all(apps)),
    ];
  };
  const views = async (): Promise<InstalledPackageView[]> => {
    const all = await allNeeds();
    return here().map(({ record: _, ...view }) => ({
      ...view,
      neededBy: all.filter(({ needs }) => needs.includes(view.id)).map(({ by }) => by),
    }));
  };
  const neededBy = async (id: string): Promise<string[]> =>
    (await allNeeds()).filter(({ needs }) => needs.includes(id)).map(({ by }) => by);

  const stepsOf = async (id: string): Promise<Step[]> => {
    const ordered = await inOrder(id, find);
    const present = new Map(here().map((one) => [one.id, one]));
    const last = ordered.length - 1;
    return ordered.map((one, index) => ({
      ...one,
      isHere: present.get(one.pack.id)?.problem === null,
      isWanted: index === last,
    }));
  };

  const putOne = async ({ pack, needs, isWanted }: Step, how: PutHow, context: JobContext) => {
    const before = store.get(pack.id);
    context.tell({ phase: "fetch", progress: null });
    const wanted = (isWanted && how.elsewhere?.wanted !== false) || before?.wanted === true;
    const order = {
      pack: isWanted ? atCommit(pack, how.elsewhere?.commit ?? null) : pack,
      before,
      wanted,
      agreed: how.agreed[pack.id] ?? null,
      unattended: how.unattended,
    };
    const installed = await packageKinds[pack.type].install(order, world, context);
    if (installed !== null) {
      const { id, type, name, install } = pack;
      const installedAt = now().toISOString();
      store.set({ id, type, name, source: install, dependencies: needs, wanted, installedAt, ...installed });
    }
    onChanged();
  };

  const putAll = async (steps: readonly Step[], how: PutHow, context: JobContext) => {
    for (const [index, step] of steps.entries()) {
      context.signal.throwIfAborted();
      context.tell({ step: { at: index + 1, of: steps.length } });
      await putOne(step, how, context);
    }
  };

  /** Throws what keeps any of them from being installed, before anything is done. */
  const check = async (steps: readonly Step[], agreed: Record<string, string>, despiteWarning: boolean) => {
    for (const { pack } of steps) {
      if (pack.warning !== null && !despiteWarning) {
        throw new PinokioError("warning-unheeded", `${pack.name} comes with a warning: ${pack.warning}`, {
          hint: "To install it all the same, say so: --despite-warning",
          context: { package: pack.id, warning: pack.warning },
        });
      }
      await packageKinds[pack.type].plan(pack, world);
      if (pack.type !== "app" || agreed[pack.id] !== undefined) continue;
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${pack.name} will run`, {
        hint: "Look at what its scripts run and agree",
        context: { package: pack.id, source: pack.install },
      });
    }
  };

  /** Its own record says where it comes from, whatever the catalog knows. */
  const updateApp = (app: AppId): Job =>
    jobs.start({
      kind: "update",
      appId: null,
      title: `Update ${app}`,
      work: (context) => world.apps.update(app, context),
    });

  return {
    list: views,

    plan: async (id) => {
      const steps: PackagePlan["steps"] = [];
      for (const { pack, isHere } of await stepsOf(id)) {
        const { id: one, type, name, warning } = pack;
        steps.push({
          id: one,
          type,
          name,
          warning,
          installed: isHere,
          ...(await packageKinds[type].plan(pack, world)),
        });
      }
      return { steps };
    },

    install: async ({ id, agreed, despiteWarning, onlyNeeds = false, unattended = true, asElsewhere: elsewhere }) => {
      const all = await stepsOf(id);
      const steps = all.filter(({ isHere, isWanted }) => !isHere && !(onlyNeeds && isWanted));
      await check(steps, agreed, despiteWarning);
      const wanted = all.at(-1)?.pack;
      const name = wanted?.name ?? id;
      return jobs.start({
        kind: "install",
        appId: null,
        title: onlyNeeds ? `Install what ${name} needs` : `Install ${name}`,
        work: async (context) => {
          await putAll(steps, { agreed, unattended, elsewhere }, context);
          if (elsewhere?.wanted === false) return;
          if (onlyNeeds) return context.signal.throwIfAborted(); // nobody goes on to what needed it
          const record = store.get(wanted?.id ?? id);
          if (record !== null && !record.wanted) store.set({ ...record, wanted: true });
          const app = world.apps.list().find(({ packageId }) => packageId === wanted?.id);
          if (app !== undefined) world.apps.want(app.app);
        },
      });
    },

    update: async (named) => {
      const { id, name, type } = known(named);
      if (type === "app" && (await find(id)) === null) return updateApp(AppId.parse(name));
      const steps = (await stepsOf(id)).filter(({ isHere, isWanted }) => isWanted || !isHere);
      await check(
        steps.filter(({ isWanted }) => !isWanted),
        {},
        false,
      );
      return jobs.start({
        kind: "update",
        appId: null,
        title: `Update ${name}`,
        work: (context) => putAll(steps, { agreed: {}, unattended: true }, context),
      });
    },

    removal: async (named) => {
      const found = known(named);
      const { id } = found;
      const kind = packageKinds[found.type];
      const { goes, inUse } = await kind.removal(found, recordsOf(found.type), world);
      return { goes, inUse, neededBy: await neededBy(id) };
    },

    remove: async ({ id: named, despiteUse }) => {
      const found = known(named);
      const { id } = found;
      const kind = packageKinds[found.type];
      const { inUse } = await kind.removal(found, recordsOf(found.type), world);
      const users = [
        ...(inUse.length === 0 ? [] : [`used by ${inUse.join(", ")}`]),
        ...(await neededBy(id).then((ids) => (ids.length === 0 ? [] : [`needed by ${ids.join(", ")}`]))),
      ];
      if (users.length > 0 && !despiteUse) {
        throw new PinokioError("app-busy", `${found.name} is ${users.join(" and ")}`, {
          hint: "Remove it all the same only if they can do without it",
        });
      }
      return jobs.start({
        kind: "uninstall",
        appId: null,
        title: `Remove ${found.name}`,
        work: async (context) => {
          context.tell({ phase: "remove", canCancel: false });
          await kind.remove(found, recordsOf(found.type), world, context);
          if (found.record !== null) store.remove(id);
          onChanged();
        },
      });
    },

    find: known,

    cameWith: async (named) => {
      const all = await views();
      const going = new Set(named.map((one) => nameAmong(known(one))));
      const found: InstalledPackageView[] = [];
      const isLeft = (view: InstalledPackageView): boolean =>
        !view.wanted &&
        !going.has(nameAmong(view)) &&
        view.neededBy.length > 0 &&
        view.neededBy.every((one) => going.has(one));
      for (let next = all.find(isLeft); next !== undefined; next = all.find(isLeft)) {
        found.push(next);
        going.add(nameAmong(next));
      }
      return found;
    },

    needApp: async (app) => {
      const { packageId } = world.apps.list().find((one) => one.app === app) ?? { packageId: null };
      return neededBy(packageId ?? `app:${app}`);
    },

    holds: (environment) =>
      store.all.filter(({ type, place }) => type === "library" && place === environment).map(({ id }) => id),
  };
}

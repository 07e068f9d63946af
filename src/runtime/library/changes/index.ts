import { join } from "node:path";
import { appMissing } from "../../base/app-missing.js";
import { isOutOfSpace } from "../../base/file-errors.js";
import { withReserve } from "../../base/reserve.js";
import { newTrashName, type TrashRecord } from "../../base/trash.js";
import { goesUnnamed, type RemovalPreview, type TrashEntry, type UpdateLook } from "../../protocol/changes.js";
import { PinokioError } from "../../protocol/errors.js";
import type { AppId } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import { sizeText } from "../../protocol/sizes.js";
import type { JobOrder, Jobs } from "../jobs.js";
import { keptIn } from "../kept.js";
import { createTrash, KEPT } from "../trash.js";
import { createCutOff } from "./cut-off.js";
import { giveBack, putBackKept, putBackWaiting, renewOffer } from "./give-back.js";
import { previewRemoval } from "./preview.js";
import { isThere } from "./put-back.js";
import { reset } from "./reset.js";
import { restoreApp, takenTexts } from "./restore.js";
import { restoreFiles } from "./restore-files.js";
import { uninstall } from "./uninstall.js";
import { lookForUpdate } from "./look.js";
import { undoUpdate, update } from "./update.js";
import type { ChangesWorld } from "./world.js";

interface Ordered {
  job: Job;
  entry: string;
}

/** Without names everything in the trash, or what is older; what is kept goes only when it is named. */
interface WhichEntries {
  entries?: readonly string[] | undefined;
  olderThanDays?: number | undefined;
}

/** Update, reset and uninstall, and taking them back. Each is a job; each can be cut off at any moment. */
export interface Changes {
  preview(kind: "uninstall" | "reset", app: AppId): Promise<RemovalPreview>;
  /** Asks where the app came from; remembered for those who only want to know whether there is something. */
  look(app: AppId, signal: AbortSignal): Promise<UpdateLook>;
  /** `within`: of the work that this is a part of. */
  update(
    app: AppId,
    how: { agreed: string | null; unattended?: boolean | undefined; within?: AbortSignal },
  ): Promise<Ordered>;
  /** `entry` is what is asked for in the trash to undo it. */
  uninstall(app: AppId, how: { all: boolean; unlessNeeded?: boolean }): Promise<Ordered>;
  /** Throws where others need any of these apps that are not among them. */
  requireUnneeded(apps: readonly AppId[]): Promise<void>;
  reset(app: AppId, how: { all: boolean; install: boolean; unattended?: boolean | undefined }): Promise<Ordered>;
  trash(): Promise<TrashEntry[]>;
  restore(entry: string): Job;
  /** What comes back when these go. */
  trashSize(which: WhichEntries): Promise<number>;
  empty(which: WhichEntries): Promise<{ job: Job; bytes: number }>;
  /** Whether an app's folder is being changed: no script of it may start. */
  isChanging(app: AppId): boolean;
  /** An app's install script has run to its end. */
  noteInstalled(app: AppId): Promise<void>;
  /** Finishes or undoes what was cut off. To be called once, before anything is changed. */
  settle(): Promise<void>;
}

export interface ChangesOptions {
  world: ChangesWorld;
  jobs: Jobs;
  /** Runs the app's install script to its end; what became of it is told by its run. */
  install(
    app: AppId,
    how: { unattended: boolean | undefined; signal: AbortSignal; onRun(id: Job["runId"]): void },
  ): Promise<void>;
  /** Somebody has looked for an update. */
  onLooked(look: UpdateLook): void;
  /** Where the output of its runs lies. */
  runFolders(app: AppId): readonly string[];
}

const DAY_MS = 86_400_000;

export function createChanges({ world, jobs, install, runFolders, onLooked }: ChangesOptions): Changes {
  const { home, api } = world;
  /** Entries of the trash that a job fills or empties. */
  const busy = new Set<string>();
  const changing = new Set<AppId>();
  const trash = createTrash({ home, isBusy: (name) => busy.has(name) });

  const requireApp = (app: AppId): void => {
    if (isThere(join(api, app))) return;
    throw appMissing(app);
  };

  const requireUnneeded = async (apps: readonly AppId[]): Promise<void> => {
    const going = new Set<string>(apps);
    for (const app of apps) {
      const users = (await world.neededBy(app)).filter((one) => !going.has(one));
      if (users.length === 0) continue;
      throw new PinokioError("app-busy", `${await world.titleOf(app)} is needed by ${users.join(", ")}`, {
        hint: "Uninstall it all the same only if they can do without it",
      });
    }
  };

  /** What is given back to an app is given back by one at a time. */
  const giving = new Map<AppId, Promise<void>>();
  const give = (app: AppId, how: typeof giveBack): Promise<void> => {
    const before = giving.get(app) ?? Promise.resolve();
    const given = before.catch(() => undefined).then(() => how(app, world));
    giving.set(app, given);
    return given.finally(() => {
      if (giving.get(app) === given) giving.delete(app);
    });
  };

  /** Before anything is moved: what is written down of the app must be there to be changed with it. */
  const requireRecord = (app: AppId): void => {
    try {
      world.setRecord(app, world.record(app));
    } catch (error) {
      if (!isOutOfSpace(error)) throw error; // there is the reserve, once nothing of the app runs that would take it
    }
  };

  /** Keeps others from an app and an entry while they are worked on. */
  const holding = async (
    app: AppId | null,
    entry: string,
    work: () => Promise<void>,
    how: { goes?: boolean } = {},
  ): Promise<void> => {
    busy.add(entry);
    if (app !== null) changing.add(app);
    try {
      if (app !== null) await withReserve(home, () => cutOff.settleOf(app, how));
      await work();
    } finally {
      busy.delete(entry);
      if (app !== null) changing.delete(app);
    }
  };

  const cutOff = createCutOff({ world, jobs, busy });

  const chosenFrom = async ({ entries, olderThanDays = 0 }: WhichEntries): Promise<string[]> => {
    const before = world.now().getTime() - olderThanDays * DAY_MS;
    const chosen = (await trash.list()).filter((entry) =>
      entries === undefined ? goesUnnamed(entry) && Date.parse(entry.at) <= before : entries.includes(entry.name),
    );
    for (const name of entries ?? []) if (!chosen.some((entry) => entry.name === name)) trash.find(name);
    return chosen.map(({ name }) => name).filter((name) => !busy.has(name));
  };

  const restoreWork = (name: string, record: TrashRecord): JobOrder => {
    const { app, title, why } = record;
    const shown = why === "person" ? `your files of ${title || app}` : title || app || name;
    return {
      kind: "restore",
      appId: app,
      title: `Put ${shown} back`,
      work: (context) =>
        holding(app, name, () =>
          withReserve(home, async () => {
            if (app === null || record.undo === undefined)
              return context.tell({ said: await restoreFiles(name, world) });
            requireRecord(app);
            if (why === "update") return undoUpdate({ app, entry: name }, world, context);
            await restoreApp({ app, entry: name, replaces: why !== "uninstall" }, world, context);
          }),
        ),
    };
  };

  return {
    preview: async (kind, app) => {
      requireApp(app);
      return previewRemoval(kind, app, world, runFolders(app));
    },
    look: async (app, signal) => {
      requireApp(app);
      const look = await lookForUpdate(app, world, signal);
      onLooked(look);
      return look;
    },
    update: async (app, { agreed, unattended, within }) => {
      requireApp(app);
      requireRecord(app);
      const title = await world.titleOf(app);
      const entry = newTrashName(world.now());
      const job = jobs.start({
        kind: "update",
        appId: app,
        title: `Update ${title}`,
        within,
        work: (context) => holding(app, entry, () => update({ app, entry, agreed, unattended }, world, context)),
      });
      return { job, entry };
    },
    uninstall: async (app, { all, unlessNeeded = false }) => {
      requireApp(app);
      requireRecord(app);
      const title = await world.titleOf(app);
      if (unlessNeeded) await requireUnneeded([app]);
      const entry = newTrashName(world.now());
      const job = jobs.start({
        kind: "uninstall",
        appId: app,
        title: `Uninstall ${title}`,
        work: (context) => holding(app, entry, () => uninstall({ app, entry, all }, world, context), { goes: true }),
      });
      return { job, entry };
    },
    requireUnneeded,
    reset: async (app, { all, install: wanted, unattended }) => {
      requireApp(app);
      requireRecord(app);
      const title = await world.titleOf(app);
      const entry = newTrashName(world.now());
      const job = jobs.start({
        kind: "reset",
        appId: app,
        title: `Reset ${title}`,
        work: async (context) => {
          await holding(app, entry, () => reset({ app, entry, all }, world, context));
          if (world.isInstalled(app)) await give(app, giveBack); // no script has to run first
          if (!wanted || world.installerOf(app) === null) return;
          context.tell({ phase: "script", canCancel: true });
          await install(app, { unattended, signal: context.signal, onRun: (runId) => context.tell({ runId }) });
          await give(app, putBackWaiting); // before the end is told: they are not kept any more
        },
      });
      return { job, entry };
    },
    trash: () => trash.list(),
    restore: (name) => {
      const kept = name.startsWith(KEPT) ? keptIn(home).find((one) => name === `${KEPT}${one.name}`) : undefined;
      if (kept !== undefined) {
        requireApp(kept.app);
        return jobs.start({
          kind: "restore",
          appId: kept.app,
          title: `Put your files of ${kept.title} back`,
          work: async ({ tell }) => {
            const said = takenTexts((await putBackKept(kept.name, world)).taken);
            for (const sentence of said) world.tell("warning", sentence, kept.app);
            tell({ said });
          },
        });
      }
      return jobs.start(restoreWork(name, trash.find(name).record));
    },
    trashSize: async (which) => trash.size(await chosenFrom(which)),
    empty: async (which) => {
      const names = await chosenFrom(which);
      const bytes = await trash.size(names);
      const job = jobs.start({
        kind: "empty-trash",
        appId: null,
        title: "Empty the trash",
        work: async ({ signal, tell }) => {
          for (const name of names) busy.add(name);
          tell({ phase: "remove" });
          const owners = keptIn(home).filter(({ name }) => names.includes(`${KEPT}${name}`));
          const onBytes = (done: number): void => tell({ progress: { done, total: bytes, unit: "bytes" } });
          const emptied = await trash.empty(names, { signal, onBytes }).finally(() => {
            for (const name of names) busy.delete(name);
          });
          for (const { app } of owners) await renewOffer(app, world);
          tell({ title: `Emptied the trash: ${sizeText(emptied.bytes)} are free again` });
          const [problem] = emptied.problems;
          if (problem !== undefined) throw new PinokioError("step-failed", problem);
        },
      });
      return { job, bytes };
    },
    isChanging: (app) => changing.has(app),
    noteInstalled: (app) => give(app, giveBack),
    settle: async () => {
      await withReserve(home, () => cutOff.settle());
      await trash.sweep();
      for (const { app } of keptIn(home).filter(({ afterInstall }) => afterInstall)) {
        if (isThere(join(api, app)) && world.isInstalled(app)) await give(app, giveBack);
      }
    },
  };
}

import { relative } from "node:path";
import { machinePrograms } from "../base/machine-programs.js";
import { canShareContents } from "../base/share-contents.js";
import { shareAnswer } from "../base/share-answer.js";
import type { Freed, FreeWatch, FreeWorld } from "../freeing/freeable.js";
import type { Changes } from "../library/changes/index.js";
import type { JobContext, Jobs } from "../library/jobs.js";
import { goesUnnamed } from "../protocol/changes.js";
import { PinokioError } from "../protocol/errors.js";
import type { FreeableList } from "../protocol/freeing.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isUnderWay, type Job } from "../protocol/jobs.js";
import { isLive } from "../protocol/runs.js";
import type { Lacks } from "../protocol/sidecar.js";
import { openFiles } from "../recovery/in-use.js";
import { runPaths } from "../storage/paths.js";
import type { Environments } from "./environments.js";
import type { SidecarModels } from "./models.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";
import { whileWatched } from "./while-watched.js";

/** What clients learn of room that can be freed, and do about it. */
export interface Freeing {
  list(): Promise<FreeableList>;
  /** Frees items of a list that was made at `at`; the job says what came back. */
  free(items: readonly string[], at: string): Job;
}

export interface FreeingOptions {
  opened: OpenedHome;
  runs: Runs;
  jobs: Jobs;
  env: Readonly<Record<string, string>>;
  environments: Pick<Environments, "list" | "changed">;
  models: SidecarModels;
  changes: Pick<Changes, "trash" | "trashSize" | "empty">;
  lacks(): Lacks;
  isWatched(): boolean;
  /** Apps that are installed. */
  apps(): readonly AppId[];
}

const KIND = "free";

export function createFreeing(options: FreeingOptions): Freeing {
  const { opened, jobs, environments, isWatched } = options;
  const room = () => import("../freeing/index.js");

  const free = async (items: readonly string[], before: number, context: JobContext): Promise<void> => {
    const { freeItems, freedText } = await room();
    const { signal, tell } = context;
    const world = worldOf(options, context);
    const watch: FreeWatch = {
      signal,
      tell: (phase, done = 0) => tell({ phase, progress: { done, total: null, unit: "bytes" } }),
    };
    const freed = await freeItems({ ids: items, before }, world, watch).finally(() => environments.changed());
    opened.log.write("info", "freed", { items, bytes: freed.bytes, problems: freed.problems });
    const [first] = freed.problems;
    if (freed.bytes === 0 && first !== undefined) {
      throw new PinokioError("step-failed", `Nothing was freed. ${first}`, {
        hint: "Look again at what can be freed: it may have changed",
      });
    }
    tell({
      title: freedText(freed),
      progress: { done: freed.bytes, total: freed.bytes, unit: "bytes" },
      said: freed.problems,
    });
  };

  return {
    list: shareAnswer(() =>
      whileWatched(isWatched, async (signal) => (await room()).findFreeable(worldOf(options, null), signal)),
    ),
    free: (items, at) => {
      const before = Date.parse(at);
      if (Number.isNaN(before)) {
        throw new PinokioError("request-invalid", `${at} is no moment`, { hint: "Give the `at` of what was listed" });
      }
      const other = jobs.all.find((job) => job.kind === KIND && isUnderWay(job));
      if (other !== undefined) {
        throw new PinokioError("app-busy", "Room is being freed already", { hint: "Wait for its end, or cancel it" });
      }
      const work = (context: JobContext) => free(items, before, context);
      return jobs.start({ kind: KIND, appId: null, title: "Free up space", work });
    },
  };
}

/** For one look or one job: what models there are is found out once. */
function worldOf(options: FreeingOptions, context: JobContext | null): FreeWorld {
  const { opened, runs, jobs, env, environments, models, changes, lacks, apps } = options;
  const { home, paths } = opened;
  const { supervisor } = runs;
  let looked: ReturnType<SidecarModels["look"]> | null = null;
  const look = (signal: AbortSignal) => (looked ??= models.look(signal));
  return {
    home,
    programs: machinePrograms(env),
    now: Date.now,
    atWork: () => [
      ...runs.live.map(({ script, appId, state }) => ({ title: script, app: appId, isReady: state === "ready" })),
      ...jobs.all
        .filter((job) => isUnderWay(job) && job.kind !== KIND && job.kind !== "empty-trash")
        .map(({ title, appId }) => ({ title: `“${title}”`, app: appId, isReady: false })),
    ],
    openFiles,
    sharesContents: () => canShareContents(paths.run),
    takesLinks: () => !lacks().links,
    environments: () => environments.list(),
    isInstalled: (app) => apps().includes(app),
    models: async (signal) => {
      const found = await look(signal);
      const { toldCopies } = await import("../models/told-copies.js");
      return { copies: toldCopies(found), partial: found.found.partial };
    },
    mergeCopies: async (id, { signal, tell, by, paths: which, refusal }) => {
      const { mergeCopies } = await import("../models/merge-copies.js");
      const { duplicates, found } = await look(signal);
      const set = duplicates.find((one) => one.id === id);
      if (set === undefined) return { bytes: 0, problems: ["These copies are not there any more"] };
      tell("compare");
      const copies = set.copies.filter(({ files: [one] }) => which.includes(relative(found.home, one?.path ?? "")));
      const onShared = (one: string, other: string) => void models.noteShared(one, other);
      return mergeCopies({ ...set, copies }, { signal, by, refusal, onShared });
    },
    trash: async (before) => {
      const entries = (await changes.trash()).filter((one) => goesUnnamed(one) && Date.parse(one.at) <= before);
      const names = entries.map(({ name }) => name);
      const bytes = names.length === 0 ? 0 : await changes.trashSize({ entries: names });
      return { names, titles: entries.map(({ title, what, name }) => title || what || name), bytes };
    },
    kept: async () =>
      (await changes.trash())
        .filter(({ kind }) => kind === "kept")
        .map(({ name, title, bytes }) => ({ name, title: title || name, bytes })),
    emptyTrash: async (names, { signal }): Promise<Freed> => {
      const { job } = await changes.empty({ entries: names });
      const cancel = () => void jobs.cancel(job.id).catch(() => undefined);
      signal.addEventListener("abort", cancel, { once: true });
      const over = await (context === null ? jobs.done(job.id) : context.aside(jobs.done(job.id)));
      signal.removeEventListener("abort", cancel);
      return { bytes: over.progress?.done ?? 0, problems: over.error === null ? [] : [over.error.message] };
    },
    endedRuns: (before) => {
      const latest = new Map(supervisor.runs.map((run) => [run.script, run.id]));
      return supervisor.runs.flatMap((run) => {
        const endedAt = Date.parse(run.end?.at ?? "");
        const isOld = !isLive(run) && endedAt < before && latest.get(run.script) !== run.id;
        return isOld ? [{ id: run.id, folder: runPaths(paths.runs, run.id).folder, endedAt }] : [];
      });
    },
    forgetRuns: (ids) => void supervisor.dismiss(ids as readonly RunId[]),
  };
}

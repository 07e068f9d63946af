import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { appMissing } from "../../base/app-missing.js";
import type { Log } from "../../base/log.js";
import type { Inspection, Installer, MenuItem } from "../../protocol/apps.js";
import { fromWireError, PinokioError, toWireError } from "../../protocol/errors.js";
import type { AppId, RunId } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import { isLive, type Run } from "../../protocol/runs.js";
import type { AppScripts } from "../fingerprint.js";
import type { InstalledApp, InstalledStore } from "../installed-store.js";
import { chosenInstaller, installersOf, isInstallRun } from "../installers.js";
import type { JobContext, JobOrder } from "../jobs.js";
import type { GitSource } from "../source.js";
import { createFetching } from "./fetching.js";
import { followInstall } from "./follow-install.js";
import { freeName, requireFree } from "./free-name.js";
import { createInspecting, type Described } from "./inspect.js";
import { createPutting, type InstallOrder } from "./put-app.js";
import { requireRoom } from "./room.js";
import { createSources } from "./sources.js";
import type { InstallPackage, InstallWorld } from "./world.js";

export interface Begun {
  appId: AppId;
  runId: RunId | null;
  job: Job;
}

/** What it shares with the library around it. */
export interface InstallingOptions {
  api: string;
  userHome: string;
  store: InstalledStore;
  world: InstallWorld;
  log: Log;
  now(): Date;
  /** What a launcher's menu offers while nothing is installed, evaluated as the person who agreed has seen it. */
  menuToInstallBy(folder: string, fingerprint: string): Promise<MenuItem[]>;
  describe(folder: string, name: AppId): Promise<Described>;
  /** Something will be there soon that is to be described. */
  prepare(folder: string): void;
  hasAgreed(id: AppId): Promise<boolean>;
  startScript(
    file: string,
    order: { input: Record<string, string> | undefined; unattended: boolean | undefined },
  ): Promise<Run>;
  /** The app should be shown anew. */
  tell(id: AppId): void;
}

/** Puts apps into the home, from wherever they come. */
export interface Installing {
  /** Begins to fetch what lies elsewhere; null when it is here. */
  fetch(source: string, token?: string): Promise<Job | null>;
  inspect(source: string): Promise<Inspection>;
  /** The app of that name or from there whose installation has begun and is not over, or null. */
  unfinished(source: string): Promise<AppId | null>;
  /** Nobody wants what was fetched from there. */
  refuse(source: string): Promise<void>;
  /** Resolves once it waits for its turn, its script has begun, or it is over. */
  install(order: InstallOrder): Promise<Begun>;
  /** Runs the install script of an app whose installation was cut off or failed. */
  resume(id: AppId, how: { script?: string | undefined; unattended?: boolean | undefined }): Promise<Begun>;
  /** Puts right what a sidecar that ended in the middle left. */
  settle(runs: readonly Run[], noteRun: (run: Run) => boolean): void;
}

export function createInstalling(options: InstallingOptions): Installing {
  const { api, userHome, store, world, log, now, tell } = options;
  const { jobs } = world;
  const sources = createSources({ api, userHome, store, world, fetchedFrom: (name) => fetching.addressOf(name) });
  const fetching = createFetching({ api, world, now, prepare: options.prepare });
  const put = createPutting({ api, store, fetching, now, refuseSecond: (source, at) => refuseSecond(source, at) });
  const inspect = createInspecting({ ...options, sources, fetching });

  const install = async (order: InstallOrder): Promise<Begun> => {
    const { source, pack } = await sources.resolve(order.source);
    heedWarning(pack, order.despiteWarning === true);
    const id = order.name ?? (source.kind === "folder" ? source.name : nameFor(source));
    const busy = jobs.of(id);
    if (busy !== null) throw new PinokioError("app-exists", `${id} is busy already: ${busy.title}`);
    requireFree(api, id);
    const title = `Install ${pack?.name ?? id}`;
    return begin(id, { title, within: order.within }, async (context, begun) => {
      requireRoom(api, (pack?.diskGB ?? 0) * 1e9);
      const scripts = await put({ source, id, order, pack, context });
      const installer = await record(id, order, scripts);
      if (installer !== null) await runInstaller(id, installer, order.unattended, context, begun);
      if (order.studio === true) await beginStudio(id);
    });
  };

  /** From now on what comes is made with it. */
  const beginStudio = async (id: AppId): Promise<void> => {
    await world.noteFolders(id);
    change(id, (app) => ({ ...app, studio: { since: now().toISOString() } }));
  };

  const nameFor = (source: GitSource): AppId => {
    refuseSecond(source, fetching.find(source)?.url);
    return freeName(api, source.name);
  };

  /** The same repository is not installed twice by accident; `at` is where it has moved to, once that is known. */
  const refuseSecond = ({ address: { url } }: GitSource, at = url): void => {
    const known = sources.installedFrom(url, at);
    if (known === null) return;
    const moved = at === url ? "" : `, which is ${at} now,`;
    throw new PinokioError("app-exists", `${known} was installed from ${url}${moved} already`, {
      hint: "Start that one, or install a second one under another name with --name",
    });
  };

  /** Writes down how the app is installed; what cannot be written down does not stay. Returns what is to be run. */
  const record = async (id: AppId, order: InstallOrder, scripts: AppScripts): Promise<Installer | null> => {
    const folder = join(api, id);
    try {
      const menu = await options.menuToInstallBy(folder, scripts.fingerprint).catch(refuseBroken);
      const installers = installersOf(folder, menu);
      const installer = chosenInstaller(installers, order.script);
      const state = installer !== null ? "installing" : installers.length > 0 ? "choose" : "installed";
      change(id, (app) => ({ ...app, installers, state, scripts: scripts.files }));
      log.write("info", "app installed", { app: id, source: store.get(id)?.source });
      tell(id);
      return installer;
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined); // why it failed matters more
      store.remove(id);
      throw error;
    }
  };

  const runInstaller = async (
    id: AppId,
    { script, params }: Installer,
    unattended: boolean | undefined,
    context: JobContext,
    begun: (runId: RunId) => void,
  ): Promise<void> => {
    const input = Object.keys(params).length === 0 ? undefined : params;
    context.tell({ phase: "script", progress: null, expectedMs: world.usualMs(join(id, script)) });
    let run: Run;
    try {
      context.signal.throwIfAborted();
      run = await options.startScript(join(api, id, script), { input, unattended });
    } catch (error) {
      const isSaid = error instanceof PinokioError && !context.signal.aborted;
      markFailed(id, isSaid ? error.message : null);
      throw error;
    }
    begun(run.id);
    await followInstall(run, context, world);
  };

  const resume: Installing["resume"] = async (id, { script, unattended }) => {
    const folder = join(api, id);
    if (!existsSync(folder)) throw appMissing(id);
    if (!(await options.hasAgreed(id))) {
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${id} will run`, {
        hint: "Look at its commands and agree, then install it",
        context: { app: id },
      });
    }
    return begin(id, { title: `Install ${id}` }, async (context, begun) => {
      const known = store.get(id)?.installers ?? [];
      const installers =
        known.length > 0
          ? known
          : installersOf(folder, await options.menuToInstallBy(folder, store.get(id)?.agreed ?? ""));
      const installer = chosenInstaller(installers, script);
      const state = installer !== null ? "installing" : installers.length > 0 ? "choose" : "installed";
      change(id, (app) => ({ ...app, installers, state, notBegun: null }));
      tell(id);
      if (installer !== null) await runInstaller(id, installer, unattended, context, begun);
      if (store.get(id)?.studio != null) await beginStudio(id);
    });
  };

  const begin = async (
    id: AppId,
    about: Pick<JobOrder, "title" | "within">,
    work: (context: JobContext, begun: (runId: RunId) => void) => Promise<void>,
  ): Promise<Begun> => {
    let note: (runId: RunId) => void = () => undefined;
    const begun = new Promise<RunId>((settle) => (note = settle));
    const noting = (error: unknown): never => {
      log.write("warn", "install failed", { app: id, error: error instanceof Error ? error.stack : String(error) });
      throw error;
    };
    const { id: jobId } = jobs.start({
      kind: "install",
      appId: id,
      ...about,
      work: (context) => work(context, note).catch(noting),
    });
    if (jobs.get(jobId).state === "waiting") return { appId: id, runId: null, job: jobs.get(jobId) };
    await Promise.race([begun, jobs.done(jobId)]);
    const job = jobs.get(jobId);
    // Who asked hears at once what kept it from beginning; how a script ends is told by its run.
    if (job.error !== null && job.runId === null) throw fromWireError(job.error);
    return { appId: id, runId: job.runId ?? (await settledOr(begun)), job };
  };

  const change = (id: AppId, make: (app: InstalledApp) => InstalledApp): void => {
    const app = store.get(id);
    if (app !== null) store.set(id, make(app));
  };

  const markFailed = (id: AppId, notBegun: string | null = null): void => {
    try {
      store.noteState(id, "install-failed", notBegun);
      tell(id);
    } catch (error) {
      log.write("error", "library not written", { app: id, error: String(error) });
    }
  };

  /** Its script outlived the sidecar that started it. */
  const adopt = (id: AppId, run: Run): void => {
    jobs.start({
      kind: "install",
      appId: id,
      title: `Install ${id}`,
      work: (context) => followInstall(run, context, world),
    });
  };

  const settleOne = (id: AppId, app: InstalledApp, runs: readonly Run[], noteRun: (run: Run) => boolean): void => {
    if (!existsSync(join(api, id))) return store.remove(id); // it was not in place yet
    const latest = runs
      .filter((run) => run.appId === id && isInstallRun(run, app) && run.startedAt >= app.installedAt)
      .reduce<Run | null>((last, run) => (last === null || run.startedAt >= last.startedAt ? run : last), null);
    if (latest === null) return markFailed(id);
    if (isLive(latest)) adopt(id, latest);
    if (noteRun(latest)) tell(id);
  };

  return {
    fetch: async (text, token) => {
      const { source } = await sources.resolve(text);
      if (source.kind === "folder" || fetching.fresh(source) !== null) return null;
      const login = token === undefined ? null : { user: "x-access-token", password: token };
      return fetching.start(source, login);
    },
    inspect,
    unfinished: (text) => sources.unfinished(text),
    refuse: async (text) => {
      const { source } = await sources.resolve(text);
      if (source.kind === "git") await fetching.refuse(source);
    },
    install,
    resume,
    settle: (runs, noteRun) => {
      for (const [id, app] of store.all()) if (app.state === "installing") settleOne(id, app, runs, noteRun);
      fetching.tidy();
    },
  };
}

function heedWarning(pack: InstallPackage | null, despite: boolean): void {
  if (pack === null || pack.warning === null || despite) return;
  throw new PinokioError("warning-unheeded", `${pack.name} comes with a warning: ${pack.warning}`, {
    hint: "To install it all the same, say so: --despite-warning",
  });
}

/** An app whose launcher fails even with all that it may ask for could offer nothing once it is here. */
function refuseBroken(error: unknown): never {
  const { code, message, context } = toWireError(error);
  throw new PinokioError(code, message, {
    hint: "Nothing was installed: its launcher has to be put right where the app comes from",
    cause: error,
    context,
  });
}

/** What a promise has come to, or null when it has not yet. */
const settledOr = <Value>(promise: Promise<Value>): Promise<Value | null> =>
  Promise.race([promise, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);

import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseGitAddress } from "../../base/git-address.js";
import { comparableRemote } from "../../base/git-uri.js";
import type { Log } from "../../base/log.js";
import type { App, Inspection, Installer, MenuItem } from "../../protocol/apps.js";
import { fromWireError, PinokioError } from "../../protocol/errors.js";
import type { AppId, RunId } from "../../protocol/ids.js";
import type { Job } from "../../protocol/jobs.js";
import { isLive, type Run } from "../../protocol/runs.js";
import type { AppScripts } from "../fingerprint.js";
import type { InstalledApp, InstalledStore } from "../installed-store.js";
import { chosenInstaller, installersOf, isInstallRun } from "../installers.js";
import type { JobContext } from "../jobs.js";
import { type AppSource, gitSource, type GitSource, resolveSource } from "../source.js";
import { createFetching, requireDone } from "./fetching.js";
import { followInstall } from "./follow-install.js";
import { freeName, requireFree } from "./free-name.js";
import { createPutting, type InstallOrder } from "./put-app.js";
import { requireRoom } from "./room.js";
import { secretsAskedIn } from "./secrets-asked.js";
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
  menuToInstallBy(folder: string, fingerprint: string): Promise<MenuItem[] | null>;
  describe(folder: string, name: AppId): Promise<Omit<Inspection, "source" | "installed" | "agreed">>;
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
  /** Resolves once it waits for its turn, its script has begun, or it is over. */
  install(order: InstallOrder): Promise<Begun>;
  /** Runs the install script of an app whose installation was cut off or failed. */
  resume(id: AppId, how: { script?: string | undefined; unattended?: boolean | undefined }): Promise<Begun>;
  /** Puts right what a sidecar that ended in the middle left. */
  settle(runs: readonly Run[], noteRun: (run: Run) => boolean): void;
}

interface Resolved {
  source: AppSource;
  pack: InstallPackage | null;
}

export function createInstalling(options: InstallingOptions): Installing {
  const { api, userHome, store, world, log, now, tell } = options;
  const { jobs } = world;
  const fetching = createFetching(api, world, now);
  const put = createPutting({ api, store, fetching, now });

  const resolve = async (text: string): Promise<Resolved> => {
    const named = /^[\w][\w.-]*$/.test(text) ? await world.findPackage(text) : null;
    if (named !== null) return { source: sourceOf(named, userHome), pack: named };
    const source = resolveSource(text, userHome);
    return { source, pack: source.kind === "git" ? await world.packageAt(source.address.url) : null };
  };

  /** The app that was installed from there, or null. */
  const installedFrom = (source: GitSource): AppId | null => {
    const wanted = comparableRemote(source.address.url);
    const found = store.all().find(([id, { repository }]) => {
      return repository !== null && comparableRemote(repository) === wanted && existsSync(join(api, id));
    });
    return found?.[0] ?? null;
  };

  const fetched = async (source: GitSource) => {
    const here = fetching.fresh(source);
    if (here !== null) return here;
    requireDone(await jobs.done(fetching.start(source, null).id));
    const found = fetching.find(source);
    if (found === null) throw new PinokioError("internal", `${source.text} was fetched and is not here`);
    return found;
  };

  const inspect = async (text: string): Promise<Inspection> => {
    const { source, pack } = await resolve(text);
    if (source.kind === "folder") return inspectFolder(source, pack);
    const here = await fetched(source);
    const known = installedFrom(source);
    const name = known ?? freeName(api, source.name);
    const described = await options.describe(here.folder, name);
    return {
      ...described,
      source: source.text,
      repository: here.url,
      branch: here.branch,
      commit: here.commit,
      movedFrom: here.isMoved ? source.address.url : null,
      agreed: known === null ? false : store.get(known)?.agreed === described.fingerprint,
      installed: known !== null,
      ...(await shownBefore(here.folder, pack)),
    };
  };

  const inspectFolder = async ({ folder, name }: AppSource & { kind: "folder" }, pack: InstallPackage | null) => {
    const described = await options.describe(folder, name);
    const isOwn = folder === join(api, name);
    return {
      ...described,
      source: folder,
      agreed: isOwn ? await options.hasAgreed(name) : store.get(name)?.agreed === described.fingerprint,
      installed: existsSync(join(api, name)),
      ...(await shownBefore(folder, pack)),
    };
  };

  const install = async (order: InstallOrder): Promise<Begun> => {
    const { source, pack } = await resolve(order.source);
    heedWarning(pack, order.despiteWarning === true);
    const id = order.name ?? (source.kind === "folder" ? source.name : nameFor(source));
    const busy = jobs.of(id);
    if (busy !== null) throw new PinokioError("app-exists", `${id} is busy already: ${busy.title}`);
    requireFree(api, id);
    return begin(id, `Install ${pack?.name ?? id}`, async (context, begun) => {
      requireRoom(api, (pack?.diskGB ?? 0) * 1e9);
      const scripts = await put({ source, id, order, pack, context });
      const installer = await record(id, order, scripts);
      if (installer !== null) await runInstaller(id, installer, order.unattended, context, begun);
      if (order.studio === true) change(id, (app) => ({ ...app, studio: { since: now().toISOString() } }));
    });
  };

  const nameFor = (source: GitSource): AppId => {
    const known = installedFrom(source);
    if (known === null) return freeName(api, source.name);
    throw new PinokioError("app-exists", `${known} was installed from ${source.address.url} already`, {
      hint: "Start that one, or install a second one under another name with --name",
    });
  };

  /** Writes down how the app is installed; what cannot be written down does not stay. Returns what is to be run. */
  const record = async (id: AppId, order: InstallOrder, scripts: AppScripts): Promise<Installer | null> => {
    const folder = join(api, id);
    try {
      const installers = installersOf(folder, await options.menuToInstallBy(folder, scripts.fingerprint));
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
      markFailed(id);
      throw error;
    }
    begun(run.id);
    await followInstall(run, context, world);
  };

  const resume: Installing["resume"] = async (id, { script, unattended }) => {
    const folder = join(api, id);
    if (!existsSync(folder)) throw new PinokioError("app-missing", `No app named ${id} is installed`);
    if (!(await options.hasAgreed(id))) {
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${id} will run`, {
        hint: "Look at its commands and agree, then install it",
        context: { app: id },
      });
    }
    return begin(id, `Install ${id}`, async (context, begun) => {
      const known = store.get(id)?.installers ?? [];
      const installers =
        known.length > 0
          ? known
          : installersOf(folder, await options.menuToInstallBy(folder, store.get(id)?.agreed ?? ""));
      const installer = chosenInstaller(installers, script);
      const state = installer !== null ? "installing" : installers.length > 0 ? "choose" : "installed";
      change(id, (app) => ({ ...app, installers, state }));
      tell(id);
      if (installer !== null) await runInstaller(id, installer, unattended, context, begun);
      if (store.get(id)?.studio != null) change(id, (app) => ({ ...app, studio: { since: now().toISOString() } }));
    });
  };

  const begin = async (
    id: AppId,
    title: string,
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
      title,
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

  const markFailed = (id: AppId): void => setState(id, "install-failed");
  const setState = (id: AppId, state: App["state"]): void => {
    try {
      change(id, (app) => ({ ...app, state }));
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
      const { source } = await resolve(text);
      if (source.kind === "folder" || fetching.fresh(source) !== null) return null;
      const login = token === undefined ? null : { user: "x-access-token", password: token };
      return fetching.start(source, login);
    },
    inspect,
    install,
    resume,
    settle: (runs, noteRun) => {
      for (const [id, app] of store.all()) if (app.state === "installing") settleOne(id, app, runs, noteRun);
      fetching.tidy();
    },
  };
}

/** A catalog that others write may name repositories and nothing of this machine. */
function sourceOf({ id, install, repository }: InstallPackage, userHome: string): AppSource {
  const address = repository === null ? null : parseGitAddress(install);
  if (repository === null) return resolveSource(install, userHome);
  if (address !== null && address.protocol !== "file") return gitSource(address);
  throw new PinokioError(
    "source-unsupported",
    `The catalog names no address for ${id} that can be fetched: ${install}`,
  );
}

function heedWarning(pack: InstallPackage | null, despite: boolean): void {
  if (pack === null || pack.warning === null || despite) return;
  throw new PinokioError("warning-unheeded", `${pack.name} comes with a warning: ${pack.warning}`, {
    hint: "To install it all the same, say so: --despite-warning",
  });
}

/** What a person should know before agreeing, besides what it runs. */
async function shownBefore(folder: string, pack: InstallPackage | null): Promise<Partial<Inspection>> {
  const secrets = new Set([...(pack?.credentials ?? []), ...(await secretsAskedIn(folder))]);
  return { package: pack?.id ?? null, warning: pack?.warning ?? null, secrets: [...secrets].sort() };
}

/** What a promise has come to, or null when it has not yet. */
const settledOr = <Value>(promise: Promise<Value>): Promise<Value | null> =>
  Promise.race([promise, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);

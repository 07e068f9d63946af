import { basename, join } from "node:path";
import { findProgram } from "../base/find-program.js";
import { moveToTrash } from "../base/trash.js";
import { openActiveEnvironment } from "../environments/active-environment.js";
import { EnvironmentCache } from "../environments/environment-cache.js";
import { environmentKinds } from "../environments/index.js";
import { KnownEnvironments } from "../environments/known-environments.js";
import { environmentsOnlyOf } from "../environments/only-used-by.js";
import type { Environment, EnvironmentDetails, EnvironmentList, EnvironmentNews } from "../protocol/environments.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive } from "../protocol/runs.js";
import type { Lacks } from "../protocol/sidecar.js";
import { programsOfHome } from "./environment-tools.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

/** What clients and packages learn of the environments of a home, and do with them. */
export interface Environments {
  list(app?: AppId): Promise<EnvironmentList>;
  show(id: string): Promise<EnvironmentDetails>;
  /** The folders of those below `envs` that this app works with, and none of the others. */
  onlyOf(app: AppId, apps: readonly AppId[]): Promise<string[]>;
  select(id: string | null, how: { make: boolean }): Promise<EnvironmentList>;
  /** Moves one of `envs` into the trash; resolves with the entry's name. */
  remove(id: string, how: { despiteUse: boolean }): Promise<string>;
  readonly news: EnvironmentNews;
  /** Tells everybody that there is something new to see. */
  changed(): void;
  /** The folder of the environment that packages without one of their own go to, or null for one of their own. */
  active(): Promise<{ id: string; path: string } | null>;
  /** Makes a Python environment where there is none. */
  make(path: string, signal: AbortSignal, onLine?: (line: string) => void): Promise<void>;
  /** `uv pip …` for an environment. Throws with the last of what it said when it fails. */
  pip(path: string, args: readonly string[], signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface EnvironmentsOptions {
  opened: OpenedHome;
  runs: Runs;
  news: News;
  /** What programs start from. */
  env: Readonly<Record<string, string>>;
  holds(environment: string): string[];
  /** What the disk of the home does not have. */
  lacks(): Lacks;
}

/** What uv says last tells most. */
const lastWords = (said: string): string => said.trim().split("\n").slice(-6).join(" ").slice(-600);

const NEW_NAME = /^envs\/([A-Za-z0-9][\w.-]{0,60})$/;

export function createEnvironments({ opened, runs, news, env, holds, lacks }: EnvironmentsOptions): Environments {
  const { home, paths, mode } = opened;
  const isWritable = mode !== "read-only";
  let changes = 0;
  const active = openActiveEnvironment(paths.activeEnvironment, { mayWrite: isWritable, onProblem: news.warn });
  const told = (): EnvironmentNews => ({ changes, active: active.get() });
  const changed = (): void => {
    changes++;
    news.events.publish({ type: "environments-changed", environments: told() });
  };
  const known = new KnownEnvironments({
    home,
    cache: new EnvironmentCache({ file: join(home, "system", "environments.json"), isWritable }),
    holds,
    onMeasured: changed,
  });
  const live = new Set<RunId>();
  runs.supervisor.onRun((run) => {
    if (isLive(run)) live.add(run.id);
    else if (live.delete(run.id)) changed(); // it may have installed something
  });

  const list = async (app?: AppId): Promise<EnvironmentList> => ({
    environments: await known.list(app),
    active: active.get(),
  });

  const make: Environments["make"] = async (path, signal, onLine) => {
    const { tools } = programsOfHome(opened, { base: env, lacks: lacks(), signal, onLine });
    await environmentKinds.venv.prepare({ path, python: null, cwd: home }, tools);
  };

  return {
    list,
    show: (id) => known.show(id),
    onlyOf: (app, apps) => {
      const isNeeded = (id: string): boolean => id === active.get() || holds(id).length > 0;
      return environmentsOnlyOf(app, { home, apps, isNeeded });
    },
    select: async (id, { make: makes }) => {
      if (id !== null) await checkOrMake(id, makes);
      active.set(id);
      changed();
      return list();
    },
    remove: async (id, { despiteUse }) => {
      const found = (await list()).environments.find((one) => one.id === id) ?? (await known.show(id));
      refuseNeeded(found, { active: active.get(), despiteUse });
      const entry = moveToTrash(home, [found.path], { from: home, why: "person" });
      changed();
      return basename(entry);
    },
    get news() {
      return told();
    },
    changed,
    active: async () => {
      const id = active.get();
      return id === null ? null : { id, path: (await known.find(id)).path };
    },
    make,
    pip: async (path, [command = "", ...args], signal) => {
      const { tools, run } = programsOfHome(opened, { base: env, lacks: lacks(), signal });
      const uv = findProgram("uv", tools.searchPath);
      if (uv === null) {
        throw new PinokioError("tool-missing", "The program uv was not found", { hint: "Install uv, then try again" });
      }
      const python = join(path, "bin", "python");
      const { exitCode, said } = await run(uv, ["pip", command, "--python", python, ...args], home);
      signal.throwIfAborted();
      if (exitCode === 0) return;
      throw new PinokioError("step-failed", `uv could not ${command} ${args.join(" ")}: ${lastWords(said)}`, {
        hint: "Its words say why; the environment is as it was",
      });
    },
    close: () => known.close(),
  };

  async function checkOrMake(id: string, makes: boolean): Promise<void> {
    const { environments } = await list();
    const found = environments.find((one) => one.id === id);
    if (found === undefined && makes && NEW_NAME.test(id)) {
      return make(join(home, id), new AbortController().signal);
    }
    if (found === undefined) {
      throw new PinokioError("environment-missing", `There is no environment ${id} in this home`, {
        hint: NEW_NAME.test(id)
          ? `Make it: \`pinokiocloud env use ${id.slice("envs/".length)} --make\``
          : "`pinokiocloud env list` shows those that are here; a new one is envs/<name>",
      });
    }
    if (found.kind === "node") {
      throw new PinokioError("request-invalid", `${id} holds packages of Node; an active environment needs a Python`, {
        hint: "Choose one with a Python",
      });
    }
    if (found.problems.length > 0) {
      throw new PinokioError("request-invalid", `${id} does not work: ${found.problems[0]}`, {
        hint: "Repair it, or choose another one",
      });
    }
  }
}

/** What belongs to an app goes with it, and what something else needs stays. */
function refuseNeeded(
  { id, holds, users }: Pick<Environment, "id" | "holds" | "users">,
  { active, despiteUse }: { active: string | null; despiteUse: boolean },
): void {
  const refuse = (why: string, hint: string): never => {
    throw new PinokioError("request-invalid", `${id} is not removed: ${why}`, { hint });
  };
  if (!id.startsWith("envs/")) refuse("it belongs to an app", "Resetting or uninstalling the app takes it away");
  if (id === active) refuse("it is the active one", "Choose another one first: `pinokiocloud env use own`");
  if (holds.length > 0)
    refuse(`it holds ${holds.join(", ")}`, "Remove these first: `pinokiocloud package remove <id>`");
  if (users.length > 0 && !despiteUse) {
    refuse(`${users.join(", ")} worked in it`, "Repeat the command with --despite-use where they can do without it");
  }
}

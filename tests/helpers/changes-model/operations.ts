import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { machinePrograms } from "../../../src/runtime/base/machine-programs.js";
import { createLibrary } from "../../../src/runtime/library/library.js";
import { removeKeeping } from "../../../src/runtime/methods/trash.js";
import { linkFolders } from "../../../src/runtime/methods/drive-links.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { fakeContext } from "../fake-context.js";
import { openChangesHome, putFiles } from "../changes-home.js";
import { installScripts } from "./install-scripts.js";

/** One thing that is done to a home. `app` is an app's name. */
export type Operation =
  | { kind: "settle" }
  | { kind: "install"; app: string; source: string }
  | { kind: "resume"; app: string }
  | { kind: "write"; app: string; path: string; text: string }
  | { kind: "remove"; app: string; path: string }
  | { kind: "link"; app: string }
  | { kind: "update"; app: string; fails: boolean }
  | { kind: "reset"; app: string; all: boolean; install: boolean }
  | { kind: "uninstall"; app: string; all: boolean }
  | { kind: "restore"; entry: string }
  | { kind: "empty"; entry: string }
  | { kind: "list" };

export interface Outcome {
  /** How the job ended, or that there was none. */
  state: Job["state"] | "refused";
  error: string | null;
  /** Of `list`: what the trash holds. */
  entries: string[];
  told: string[];
}

export type Home = ReturnType<typeof openHome>;

/** Cancels whatever works now. */
export let cancelNow = (): void => undefined;

/** Called with each phase that a job comes to, and with `look` when a launcher is looked at. */
export const watched: { onPhase(phase: string): void } = { onPhase: () => undefined };

export function openHome(home: string) {
  const opened = openChangesHome(home, {
    install: async (app) => {
      const run = await scripts.ended(scripts.start(join(home, "api", app, "install.js")).id);
      if (run.end?.outcome !== "finished") throw new Error(`install.js ${run.end?.outcome ?? ""}`);
    },
    updateScript: (app) => {
      const isToFail = existsSync(join(home, "update-fails"));
      putFiles(join(home, "api", app), { "env/lib/python3.12/site-packages/p-2.dist-info/x": "" });
      if (!isToFail) return Promise.resolve();
      ruin(join(home, "api", app));
      return Promise.reject(new Error("update.js failed"));
    },
  });
  const { jobs, repositories, store, api } = opened;
  const scripts = installScripts({
    home,
    onEnded: async (run) => {
      try {
        library.noteRun(run);
        if (run.appId !== null && run.end?.outcome === "finished") await opened.changes.noteInstalled(run.appId);
      } catch {
        // as in a sidecar: the next one puts it right
      }
    },
  });
  const library = createLibrary({
    ...{ api, userHome: home, store, log: { file: "", write: () => undefined } },
    installs: {
      ...{ jobs, findPackage: nothing, packageAt: nothing, near: () => Promise.resolve([]), explain: nothing },
      isOfSource: () => false,
      clone: (address, order, login) => repositories.clone(address, { ...order, retryMs: [] }, login),
      keepLogin: () => undefined,
      follow: (id) => scripts.ended(id),
      stop: (id) => scripts.stop(id),
      usualMs: () => null,
      noteFolders: () => Promise.resolve(),
    },
    world: {
      menu: () => {
        watched.onPhase("look");
        return Promise.resolve({ title: "X", description: "", iconFile: null, launcherRoot: "", menu: [] });
      },
      look: () => {
        watched.onPhase("look");
        const description = { title: "X", description: "", iconFile: null, scripts: [] };
        return Promise.resolve({ menu: { ...description, launcherRoot: "", menu: [] }, description });
      },
      facts: () => Promise.resolve({ home, platform: "linux", arch: "x64", gpu: "none", scripts: {} }),
      runs: () => scripts.runs(),
      startScript: (file) => Promise.resolve(scripts.start(file)),
      now: () => new Date(),
    },
  });
  jobs.onChanged(({ phase }) => watched.onPhase(phase));
  cancelNow = () => {
    for (const job of jobs.all) void jobs.cancel(job.id).catch(() => undefined);
  };
  return { ...opened, library };
}

/** What the worst of update scripts do before they fail. */
function ruin(app: string): void {
  rmSync(join(app, "out"), { recursive: true, force: true });
  rmSync(join(app, "env/lib/python3.12/site-packages/p-1.dist-info"), { recursive: true, force: true });
  putFiles(app, { "config.txt": "by the script", "env/pyvenv.cfg": "by the script", "env3/pyvenv.cfg": "" });
  if (existsSync(join(app, "code"))) {
    putFiles(app, { "code/config.txt": "by the script", "code/.git/HEAD": "by the script" });
    rmSync(join(app, "code/pinokio.js"), { force: true });
  }
}

const nothing = (): Promise<null> => Promise.resolve(null);

/** Fetches the app, looks at it as a person would, agrees, puts it into its place and runs its script. */
async function install(opened: Home, { app, source }: Extract<Operation, { kind: "install" }>): Promise<Job> {
  const { fingerprint } = await opened.library.inspect(source);
  return (await opened.library.install({ source, agreed: fingerprint, name: appIdOf(app) })).job;
}

/** Does one thing. What refuses it is told; the rest goes on. */
export async function operate(opened: Home, operation: Operation): Promise<Outcome> {
  const outcome: Outcome = { state: "done", error: null, entries: [], told: [] };
  opened.told.length = 0;
  const finish = async (job: Job): Promise<void> => {
    const { state, error } = await opened.done(job);
    outcome.state = state;
    outcome.error = error === null ? null : error.message;
  };
  try {
    const { home, api, changes } = opened;
    const context = fakeContext({ home, cwd: home, programs: programs() });
    switch (operation.kind) {
      case "settle":
        await opened.repositories.settled();
        opened.library.settleInstalls([]);
        await changes.settle();
        for (const job of opened.jobs.all) await opened.done(job);
        break;
      case "install":
        await finish(await install(opened, operation));
        break;
      case "resume":
        await finish((await opened.library.resume(appIdOf(operation.app), {})).job);
        break;
      case "write":
        mkdirSync(dirname(join(api, operation.app, operation.path)), { recursive: true });
        writeFileSync(join(api, operation.app, operation.path), operation.text);
        break;
      case "remove":
        await removeKeeping(join(api, operation.app, operation.path), context);
        break;
      case "link":
        await linkFolders(
          {
            root: join(api, operation.app),
            app: join(api, operation.app),
            drive: join(home, "drive"),
            routes: { models: "models" },
            peers: [],
            own: `https://example.org/${operation.app}.git`,
          },
          context,
        );
        break;
      case "update": {
        if (operation.fails) writeFileSync(join(home, "update-fails"), "");
        const app = appIdOf(operation.app);
        const look = await changes.look(app, new AbortController().signal);
        await finish((await changes.update(app, { agreed: look.fingerprint })).job);
        rmSync(join(home, "update-fails"), { force: true });
        break;
      }
      case "reset": {
        const { app, all, install: wanted } = operation;
        await finish((await changes.reset(appIdOf(app), { all, install: wanted })).job);
        break;
      }
      case "uninstall":
        await finish((await changes.uninstall(appIdOf(operation.app), { all: operation.all })).job);
        break;
      case "restore":
        await finish(changes.restore(operation.entry));
        break;
      case "empty":
        await finish((await changes.empty({ entries: [operation.entry] })).job);
        break;
      case "list":
        outcome.entries = (await changes.trash()).map(({ name }) => name);
        break;
    }
  } catch (error) {
    outcome.state = "refused";
    outcome.error = error instanceof Error ? error.message : String(error);
  }
  return { ...outcome, told: [...opened.told] };
}

/** As programs of a run would be, for the script's own methods. */
function programs(): ReturnType<typeof fakeContext>["programs"] {
  return machinePrograms(process.env);
}

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { machinePrograms } from "../../../src/runtime/base/machine-programs.js";
import { readScripts } from "../../../src/runtime/library/fingerprint.js";
import { InstalledApp } from "../../../src/runtime/library/installed-store.js";
import { removeKeeping } from "../../../src/runtime/methods/trash.js";
import { linkFolders } from "../../../src/runtime/methods/drive-links.js";
import { appIdOf } from "../../../src/runtime/protocol/ids.js";
import type { Job } from "../../../src/runtime/protocol/jobs.js";
import { fakeContext } from "../fake-context.js";
import { openChangesHome, putFiles } from "../changes-home.js";

/** One thing that is done to a home. `app` is an app's name. */
export type Operation =
  | { kind: "settle" }
  | { kind: "install"; app: string; template: string; origin: string }
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

export function openHome(home: string) {
  const opened = openChangesHome(home, {
    install: (app) => {
      installScript(join(home, "api", app));
      return Promise.resolve();
    },
    updateScript: (app) => {
      const isToFail = existsSync(join(home, "update-fails"));
      putFiles(join(home, "api", app), { "env/lib/python3.12/site-packages/p-2.dist-info/x": "" });
      return isToFail ? Promise.reject(new Error("update.js failed")) : Promise.resolve();
    },
  });
  cancelNow = () => {
    for (const job of opened.jobs.all) void opened.jobs.cancel(job.id).catch(() => undefined);
  };
  return opened;
}

/** What the app's install script does: a checkout of its own, an environment, what it downloads. */
function installScript(folder: string): void {
  if (!existsSync(join(folder, "code"))) cpSync(join(folder, ".git"), join(folder, "code/.git"), { recursive: true });
  execFileSync("git", ["-c", "safe.directory=*", "checkout", "-q", "-f", "HEAD", "--", "."], {
    cwd: join(folder, "code"),
  });
  putFiles(folder, {
    "env/pyvenv.cfg": "home = x",
    "env/lib/python3.12/site-packages/p-1.dist-info/x": "",
    "node_modules/m/index.js": "1",
  });
}

async function install(
  opened: Home,
  { app, template, origin }: Extract<Operation, { kind: "install" }>,
): Promise<void> {
  const folder = join(opened.api, app);
  const arriving = join(opened.api, `.installing-${app}`);
  rmSync(arriving, { recursive: true, force: true });
  cpSync(template, arriving, { recursive: true, verbatimSymlinks: true });
  writeFileSync(join(arriving, ".git/config"), gitConfig(origin));
  renameSync(arriving, folder);
  const { fingerprint, files } = await readScripts(folder);
  opened.store.set(
    appIdOf(app),
    InstalledApp.parse({
      ...{ source: origin, state: "installed", agreed: fingerprint, scripts: files, installedAt: "t" },
      installers: [{ text: "Install", script: "install.js", params: {}, default: false }],
    }),
  );
  installScript(folder);
  await opened.changes.noteInstalled(appIdOf(app));
}

const gitConfig = (origin: string): string =>
  `[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = file://${origin}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n\tmerge = refs/heads/main\n`;

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
        await changes.settle();
        break;
      case "install":
        await install(opened, operation);
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

import { execFileSync } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { noteEnvironmentUser } from "../../../src/runtime/environments/environment-users.js";
import { type AppId, appIdOf, RunId } from "../../../src/runtime/protocol/ids.js";
import { newRun, type Run } from "../../../src/runtime/protocol/runs.js";
import { putFiles } from "../changes-home.js";

/** An environment that every app of the model works with. */
const SHARED_ENVIRONMENT = "envs/shared";

interface InstallScriptsOptions {
  home: string;
  /** A run has ended; resolves once all that follows from it is done, and never rejects. */
  onEnded(run: Run): Promise<void>;
}

/** What the supervisor does in a sidecar: runs of install scripts. They end with the process that they are in. */
export function installScripts({ home, onEnded }: InstallScriptsOptions) {
  const endings = new Map<RunId, AbortController>();
  const over = new Map<RunId, Promise<Run>>();
  const runs: Run[] = [];

  const work = async (run: Run, signal: AbortSignal): Promise<Run> => {
    let outcome: "finished" | "failed" | "stopped" = "finished";
    try {
      await installScript(home, appIdOf(run.appId ?? ""), signal);
    } catch {
      outcome = signal.aborted ? "stopped" : "failed";
    }
    const ended: Run = { ...run, state: "ended", end: { outcome, error: null, at: new Date().toISOString() } };
    runs[runs.indexOf(run)] = ended;
    await onEnded(ended);
    return ended;
  };

  return {
    runs: (): readonly Run[] => runs,
    start: (file: string): Run => {
      const app = appIdOf(basename(dirname(file)));
      const run = newRun({
        id: RunId.parse(`run_${String(runs.length).padStart(12, "0")}`),
        appId: app,
        script: `${app}/${basename(file)}`,
        action: "run",
        state: "running",
        startedAt: new Date().toISOString(),
      });
      const ending = new AbortController();
      runs.push(run);
      endings.set(run.id, ending);
      over.set(run.id, work(run, ending.signal));
      return run;
    },
    ended: async (id: RunId): Promise<Run> => {
      const run = await over.get(id);
      if (run === undefined) throw new Error(`There is no run ${id}`);
      return run;
    },
    stop: async (id: RunId): Promise<void> => {
      endings.get(id)?.abort();
      await over.get(id);
    },
  };
}

/** What the app's install script does: a checkout of its own, environments, what it downloads. */
async function installScript(home: string, app: AppId, signal: AbortSignal): Promise<void> {
  const folder = join(home, "api", app);
  const isFirst = !existsSync(join(folder, "code")); // as git itself, it clones over nothing
  const steps: (() => void)[] = [
    () => {
      if (isFirst) cpSync(join(folder, ".git"), join(folder, "code/.git"), { recursive: true });
    },
    () => {
      if (!isFirst) return;
      const args = ["-c", "safe.directory=*", "checkout", "-q", "-f", "HEAD", "--", "."];
      execFileSync("git", args, { cwd: join(folder, "code"), stdio: "ignore" });
    },
    () =>
      putFiles(folder, {
        "env/pyvenv.cfg": "home = x",
        "env/lib/python3.12/site-packages/p-1.dist-info/x": "",
        "node_modules/m/index.js": "1",
      }),
    () => {
      for (const id of [`envs/${app}`, SHARED_ENVIRONMENT]) {
        noteEnvironmentUser(home, id, app);
        putFiles(join(home, id), { "pyvenv.cfg": "home = x", "lib/python3.12/x.py": "" });
      }
      putFiles(join(home, "cache/lfs", app), { "0123": "a large file" });
    },
  ];
  for (const step of steps) {
    await afterOthers();
    signal.throwIfAborted();
    step();
  }
}

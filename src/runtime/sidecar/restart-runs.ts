import { existsSync } from "node:fs";
import type { Library } from "../library/library.js";
import { scriptFileOf } from "../library/script-location.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { isLive, type Run } from "../protocol/runs.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

interface Started {
  run: Run;
  already: boolean;
}

/** Ends what runs and starts the same again. Nothing is ended that could not be started again. */
export interface RestartRuns {
  /** The run with all that it has started; of a part that belongs to a larger run, that one. */
  one(run: Run): Promise<Started>;
  /** Everything an app runs, in the order it was started. Nothing where nothing of it runs. */
  ofApp(app: AppId): Promise<RunId[]>;
}

export interface RestartWorld {
  /** Every run that is known. */
  runs(): readonly Run[];
  /** Throws when the run's script could not be started now. */
  check(run: Run): Promise<void>;
  /** Resolves once the run is over, with what that took. */
  stop(id: RunId): Promise<Run>;
  /** Starts the run's script as it was asked for. */
  start(run: Run): Promise<Started>;
}

export function createRestartRuns(world: RestartWorld): RestartRuns {
  const get = (id: RunId): Run | null => world.runs().find((run) => run.id === id) ?? null;
  const parentOf = (run: Run): Run | null => {
    const parent = run.parent == null ? null : get(run.parent);
    return parent?.appId === run.appId ? parent : null;
  };
  /** The live run that this one is a part of: it starts its parts again by itself. */
  const wholeOf = (run: Run): Run => {
    let whole = run;
    for (let above = parentOf(run); above !== null && isLive(above); above = parentOf(above)) whole = above;
    return whole;
  };
  const isPartOf = (run: Run, whole: Run): boolean => {
    for (let at: Run | null = run; at !== null; at = parentOf(at)) if (at.id === whole.id) return true;
    return false;
  };

  const restart = async (wholes: readonly Run[], isMeant: (run: Run) => boolean): Promise<Started[]> => {
    for (const run of wholes) await world.check(run);
    const left = (): Run[] => world.runs().filter((run) => isLive(run) && isMeant(run));
    // What is done on stop may start more.
    for (let live = left(); live.length > 0; live = left()) {
      for (const ended of await Promise.all(live.map(({ id }) => world.stop(id)))) checkGone(ended);
    }
    const started: Started[] = [];
    const problems: unknown[] = [];
    for (const run of wholes) {
      // One that does not start keeps no other from it.
      await world.start(run).then(
        (one) => started.push(one),
        (error: unknown) => problems.push(error),
      );
    }
    if (problems.length > 0) throw problems[0];
    return started;
  };

  return {
    one: async (run) => {
      const whole = wholeOf(run);
      const [started] = await restart([whole], (other) => isPartOf(other, whole));
      if (started === undefined) throw new Error(`${whole.script} was not started again`);
      return started;
    },
    ofApp: async (app) => {
      const live = world.runs().filter((run) => run.appId === app && isLive(run));
      const wholes = live.filter((run) => wholeOf(run) === run).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
      if (wholes.length === 0) return [];
      return (await restart(wholes, ({ appId }) => appId === app)).map(({ run }) => run.id);
    },
  };
}

function checkGone({ script, end, ending }: Run): void {
  const left = ending?.left ?? 0;
  if (end !== null && left === 0) return;
  const what = left === 1 ? "1 of its processes is" : `${left} of its processes are`;
  throw new PinokioError("app-busy", `${script} was not started again: ${what} still there`, {
    hint: "The system could not end them: see what they wait for, or restart the machine",
  });
}

interface RestartParts {
  opened: OpenedHome;
  runs: Runs;
  library: Pick<Library, "hasAgreed">;
  isChanging(app: AppId): boolean;
}

/** The world of a sidecar: runs as the supervisor knows them. */
export function restartWorld({ opened: { paths }, runs, library, isChanging }: RestartParts): RestartWorld {
  const { supervisor } = runs;
  const fileOf = ({ script }: Run): string => scriptFileOf(script, paths.api);
  return {
    runs: () => supervisor.runs,
    stop: (id) => supervisor.stop(id),
    check: async (run) => {
      const { appId, script } = run;
      if (!existsSync(fileOf(run))) {
        throw new PinokioError("script-missing", `${script} was not stopped: it is not there to be started again`);
      }
      if (appId === null) return;
      if (isChanging(appId)) {
        throw new PinokioError("app-busy", `${script} was not stopped: the folder of ${appId} is being changed`, {
          hint: "Wait until that is done",
        });
      }
      if (supervisor.requestOf(run.id)?.consent === true || (await library.hasAgreed(appId))) return;
      throw new PinokioError("agreement-needed", `Nobody has agreed yet to what ${appId} will run`, {
        hint: "Look at its commands and agree, then restart it; it was not stopped",
        context: { app: appId, script },
      });
    },
    start: (run) => {
      const asked = supervisor.requestOf(run.id);
      return runs.startScript(fileOf(run), {
        action: run.action,
        consent: asked?.consent,
        unattended: asked?.unattended,
        ...(asked?.input === undefined ? {} : { input: asked.input }),
        ...(asked?.answers === undefined ? {} : { answers: asked.answers }),
        ...(asked?.env === undefined ? {} : { env: asked.env }),
        ...(asked?.program === undefined ? {} : { program: asked.program }),
      });
    },
  };
}

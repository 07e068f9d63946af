import { rmSync } from "node:fs";
import type { OwnArguments } from "../base/own-arguments.js";
import { createRequirements } from "../library/requirements.js";
import { locationOf } from "../library/script-location.js";
import type { RunRequest } from "../protocol/channel.js";
import { PinokioError } from "../protocol/errors.js";
import type { Repairing } from "../protocol/failures.js";
import type { AppId, RunId } from "../protocol/ids.js";
import { type Again, isLive, type Run } from "../protocol/runs.js";
import type { Lacks } from "../protocol/sidecar.js";
import type { RunnerProgram } from "../supervisor/launch.js";
import { findReaper, type Reaper, type ReaperPlace } from "../supervisor/reaper.js";
import { type ShownSupervisor, showRuns } from "../supervisor/shown-runs.js";
import type { GroupsOfRuns } from "../supervisor/groups-of-runs.js";
import type { RunOrder } from "../supervisor/run-order.js";
import { createSupervisor } from "../supervisor/supervisor.js";
import type { OpenedHome } from "./open-home.js";
import type { Phase } from "./phase.js";
import { createQueuedRuns } from "./queued-runs.js";

export interface Runs {
  supervisor: ShownSupervisor;
  /** Every start of a script comes through here, whoever asks. */
  startScript(file: string, order: ScriptOrder): Promise<{ run: Run; already: boolean }>;
  stopAll(): Promise<RunId[]>;
  /** Goes on with what the sidecar before has left waiting for other apps; to be called once every run is known. */
  begin(): void;
  readonly live: readonly Run[];
}

export interface RunSurroundings {
  platform: string;
  /** The folder that outlives the machine, or null. */
  vault: string | null;
  /** Below which path a person's browser reaches ports, or null where it reaches them directly. */
  pagePath(): string | null;
  /** What the disk of the home does not have. */
  lacks(): Lacks;
  /** Throws when an app may take no more of the disk. */
  checkRoom(app: AppId): Promise<void>;
  /** Whether anybody is connected. */
  isWatched(): boolean;
  /** Whether a person has agreed to an app's scripts as they are now. */
  hasAgreed(app: AppId): Promise<boolean>;
  /** Whether an app's folder is being changed. */
  isChanging(app: AppId): boolean;
  /** When a run that has failed is started again by itself, or null. */
  againOf(id: RunId): Again | null;
  /** What is being done about the failure of a run, or null. */
  repairingOf(id: RunId): Repairing | null;
  /** What a run of an app's script gets of what a person has set. */
  handedTo(app: AppId, script: string): { ownArguments: OwnArguments[]; secrets: string[] };
  /** Where git finds what lets it in at the address that an app came from. */
  gitLoginOf(app: AppId): { origin: string; file: string } | null;
  /** What nothing that is shown of a run may hold; `kin` are those that may know its secrets, itself among them. */
  secretsOf(id: RunId, kin: readonly Run[]): readonly Buffer[];
  /** Where everything that runs start is found again. */
  groups: GroupsOfRuns;
}

/** What scripts are called that put much on the disk. */
const TAKES_ROOM = /(?:install|update|download)[^/]*\.js(?:on)?$/i;

type ScriptOrder = Omit<RunOrder, "scriptFile" | "script" | "appId"> & {
  /** Part of the change that keeps others from the app's folder. */
  isOfChange?: boolean | undefined;
};

export function createRuns(
  opened: OpenedHome,
  program: Omit<RunnerProgram, "reaper" | "codeCache"> & { reaper: ReaperPlace },
  phase: Phase,
  {
    platform,
    vault,
    pagePath,
    lacks,
    checkRoom,
    isWatched,
    hasAgreed,
    isChanging,
    againOf,
    repairingOf,
    handedTo,
    gitLoginOf,
    secretsOf,
    groups,
  }: RunSurroundings,
): Runs {
  const { home, paths, local, log, appSettings, token } = opened;
  const pagePathNow = (): { pagePath?: string } => {
    const path = pagePath();
    return path === null ? {} : { pagePath: path };
  };
  const loginOf = (app: AppId | null): Pick<RunRequest, "gitLogin"> => {
    const gitLogin = app === null ? null : gitLoginOf(app);
    return gitLogin === null ? {} : { gitLogin };
  };
  let found: Promise<Reaper | null> | null = null;
  const reaper = () => (found ??= findReaper(program.reaper)); // not before the first run needs it
  const secretsOfRun = ({ id }: Pick<Run, "id">): readonly Buffer[] => secretsOf(id, behind.kin(id));
  const behind = createSupervisor({
    home,
    runs: paths.runs,
    local,
    token,
    program: { ...program, reaper, codeCache: local.codeCache },
    log,
    sharedJournal: paths.shared,
    turnsJournal: paths.turns,
    groups,
    stopGraceMs: (appId) => appSettings.of(appId).stopGraceMs,
    isWatched,
    againOf,
    repairingOf,
    secretsOf: secretsOfRun,
    surroundingsOf: (appId, script) => ({
      ...(appId === null ? { ownArguments: [], secrets: [] } : handedTo(appId, script.slice(appId.length + 1))),
      platform,
      vault,
      ...pagePathNow(),
      ...loginOf(appId),
      mayAskLinkLocal: appId !== null && opened.settings.linkLocalApps.includes(appId),
      nice: appSettings.of(appId).nice,
      outputMB: opened.settings.outputMB,
      lacks: lacks(),
    }),
    checkRoom,
    startChild: async ({ file, ...order }) => {
      await checkAgreed(file, order.consent, supervisor.get(order.parent)?.appId ?? null);
      return startScript(file, order);
    },
  });
  const supervisor = showRuns(behind, secretsOfRun);
  const requirements = createRequirements({
    api: paths.api,
    latestOf: (file) => supervisor.latestOf(file),
    start: async (file, wish) => {
      await checkAgreed(file, wish.consent, null);
      const { script, appId } = locationOf(file, paths.api);
      checkMayStart({ script, appId });
      return (await supervisor.start({ scriptFile: file, script, appId, action: "run", ...wish })).run;
    },
    settled: ({ id }) => supervisor.settled(id),
  });

  /** A script may start those of its own app; those of another one need the person's agreement to that app. */
  const checkAgreed = async (file: string, consent: boolean | undefined, caller: AppId | null): Promise<void> => {
    const { appId, script } = locationOf(file, paths.api);
    if (consent === true || appId === null || appId === caller || (await hasAgreed(appId))) return;
    throw new PinokioError(
      "agreement-needed",
      `${script} was not started: nobody has agreed to what ${appId} will run`,
      {
        hint: `Look at the commands of ${appId} and agree, then start this again`,
        context: { app: appId, script },
      },
    );
  };

  const checkMayStart = ({ script, appId }: Pick<Run, "script" | "appId">): void => {
    if (phase.isEnding || phase.isStoppingRuns) throw isEnding();
    if (appId !== null && isChanging(appId)) throw isBusy(script, appId);
  };

  const startScript = async (file: string, order: ScriptOrder) => {
    const { script, appId } = locationOf(file, paths.api);
    const isChild = order.parent !== undefined;
    // A run that asks too late asks the next sidecar.
    if (phase.isEnding && isChild) return new Promise<never>(() => undefined);
    // While runs are being stopped they may still start what they want done on stop, and that is stopped in turn.
    if (phase.isEnding || (phase.isStoppingRuns && !isChild)) throw isEnding();
    const isOwnChild = order.parent !== undefined && supervisor.get(order.parent)?.appId === appId;
    const isOfChange = isOwnChild || order.isOfChange === true;
    if (appId !== null && isChanging(appId) && !isOfChange) throw isBusy(script, appId);
    if (!isChild && appId !== null && TAKES_ROOM.test(script)) await checkRoom(appId);
    const missing = requirements.missing(file);
    for (const needed of missing) {
      if (supervisor.scripts[needed.file]?.running !== true) await checkAgreed(needed.file, order.consent, null);
    }
    const { isOfChange: _, ...plain } = order;
    const waitsFor = missing.map(({ app }) => app);
    const started = await supervisor.start({ ...plain, scriptFile: file, script, appId, waitsFor });
    queued.enter(started.run);
    return started;
  };

  const queued = createQueuedRuns({ api: paths.api, supervisor, requirements, phase, log, checkMayStart });

  const live = () => supervisor.runs.filter(isLive);

  const stopAll = async (): Promise<RunId[]> => {
    phase.isStoppingRuns = true;
    if (opened.mode === "read-only") return []; // what runs there is not this sidecar's
    const stopped: RunId[] = [];
    for (let left = live(); left.length > 0; left = live()) {
      await Promise.all(left.map(({ id }) => supervisor.stop(id)));
      stopped.push(...left.map(({ id }) => id));
    }
    supervisor.forgetShared();
    rmSync(paths.launched, { force: true });
    return stopped;
  };

  return {
    supervisor,
    startScript,
    stopAll,
    begin: () => queued.begin(),
    get live() {
      return live();
    },
  };
}

const isEnding = (): PinokioError =>
  new PinokioError("sidecar-ending", "The sidecar is ending and starts nothing more");

const isBusy = (script: string, app: AppId): PinokioError =>
  new PinokioError("app-busy", `${script} was not started: the folder of ${app} is being changed`, {
    hint: "Wait until that is done",
  });

import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import type { Log } from "../base/log.js";
import { bootId, isSameProcess, processesAbout, processesWith } from "../base/processes.js";
import { overMemoryOf } from "../base/cgroups.js";
import { RUN_TOKEN_VARIABLE, type RunGroups, RunRecord } from "../protocol/channel.js";
import { PinokioError, toWireError, type WireError } from "../protocol/errors.js";
import type { RunId } from "../protocol/ids.js";
import { checkMove, type Ending, isLive, type Outcome, type Run } from "../protocol/runs.js";
import type { SharedScript } from "../protocol/shared.js";
import { RunSteps } from "../protocol/steps.js";
import type { RunPaths } from "../storage/paths.js";
import { causeOf, NEVER_STARTED } from "./end-causes.js";
import { keepEnd } from "./keep-end.js";
import { killLeftovers } from "./kill-leftovers.js";
import { launchRunner, type RunnerProgram } from "./launch.js";
import { openRunnerLink, type RunnerLink } from "./runner-link.js";
import { wholeEnding } from "./whole-ending.js";

/** What following a run needs from the supervisor. */
export interface FollowWorld {
  /** What its runner is started with. */
  program: RunnerProgram;
  token(): string;
  now(): Date;
  log: Log;
  onChanged(run: Run): void;
  onOutput(id: RunId, bytes: number): void;
  /** The script's global memory, as it is now. */
  onShared(global: Record<string, unknown>): void;
  onTold(kind: string, params: unknown): void;
  /** Resolves with what the runner asks for. */
  onRequest(run: Run, name: string, params: unknown): Promise<unknown>;
  /** What scripts know of one another: told to every runner that is found. */
  scripts(): Record<string, SharedScript>;
  /** The system's groups that are the run's own. */
  groups(): RunGroups | null;
}

/** One run, seen from the sidecar: its last known state, and the way to its runner while there is one. */
export interface FollowedRun {
  readonly record: RunRecord;
  readonly paths: RunPaths;
  /** The processes that everything of it descends from, as far as they are known. */
  readonly roots: readonly number[];
  /** Resolves when the run is over. */
  readonly ended: Promise<void>;
  /** Starts its runner. The run is over when that fails. */
  launch(): Promise<void>;
  /** Of one that is queued: what it still waits for. */
  noteWaiting(waitsFor: readonly string[]): void;
  /** Starts the runner of one that was queued. */
  leaveQueue(): Promise<void>;
  /** Finds out how it stands: connects to its runner, or says how it ended without one. */
  settle(): Promise<void>;
  /** Tells its runner what became known of scripts; a runner that is away hears all of it when it is found. */
  tellScripts(scripts: Record<string, SharedScript>): void;
  /** Of one that is over: what it did is undone, so that nobody goes on with it. */
  noteTakenBack(): void;
  /** Hands over a person's answer to one of its questions. */
  answer(question: string, value: unknown): void;
  /** Types into its terminal, or says how large that is shown. */
  toTerminal(wish: TerminalWish): void;
  /** The latest steps that changed after `after`; null when nobody knows. */
  steps(after: number): Promise<RunSteps | null>;
  /** How much its programs yield to others. */
  setNice(nice: number, because: string | null): void;
  /** Resolves once it is over and nothing of it is left. With a failure, that is how it ends. */
  stop(graceMs: number, failure?: WireError): Promise<Run>;
  /** Stops following; the run goes on. */
  letGo(): void;
}

/** What a person does at a run's terminal. */
export type TerminalWish = { text: string } | { columns: number; rows: number };

/** A runner that lives and does not answer is asked again, ever more rarely: it is never ended for being slow. */
const FIRST_RETRY_MS = 200;
/** One that is starting is asked more often than it is looked for: that costs next to nothing. */
const KNOCK_EVERY_MS = 40;
const LONGEST_RETRY_MS = 5_000;
/** How long a runner may take, once it is known of, until it has written who it is. */
const BOOT_LIMIT_MS = 15_000;
/** A run that was promised longer ago than this is not started any more: whoever wanted it has gone. */
const OWED_MS = 30_000;
const SIZE_TOLD_MS = 500;
/** What a runner gets on top of the grace to end its programs and write the end. */
const BEYOND_GRACE_MS = 5_000;

const SILENT = "The process that runs this script does not answer; it is asked again and again";

export function followRun(initial: RunRecord, paths: RunPaths, world: FollowWorld): FollowedRun {
  const { log, now, token } = world;
  const { id } = initial.run;
  /** Since when its runner may be expected. */
  let dueSince = performance.now();
  /** When the end of its programs began. */
  let endingSince = dueSince - (initial.run.ending?.tookMs ?? 0);
  let record = initial;
  let link: RunnerLink | null = null;
  let launching: Promise<void> | null = null;
  let connecting: Promise<boolean> | null = null;
  let settling: Promise<void> | null = null;
  /** Questions whose answer is on its way: the first one counts. */
  const answered = new Set<string>();
  let stopWanted: { failure: WireError | null } | null = null;
  let released = false;
  let size = 0;
  let sizeTimer: NodeJS.Timeout | null = null;
  let isOverdue = false;
  let markEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (markEnded = resolve));
  if (!isLive(record.run)) markEnded();

  const update = (run: Run) => {
    if (!isLive(record.run) || run.id !== id) return; // the first true end is kept
    if (sizeTimer !== null) clearTimeout(sizeTimer);
    sizeTimer = null;
    if (run.ending !== undefined) endingSince = performance.now() - run.ending.tookMs;
    record = { ...record, run };
    if (!isLive(run)) {
      markEnded();
      log.write("info", "run ended", { run: id, script: run.script, outcome: run.end?.outcome });
      void keepEnd(record, paths, { isOver: () => released, log });
    }
    world.onChanged(run);
    world.onOutput(id, run.outputBytes);
  };

  /** Output grows many times a second; what follows from that can be told later. */
  const noteSize = (outputBytes: number): void => {
    if (!isLive(record.run)) return;
    size = outputBytes;
    world.onOutput(id, outputBytes);
    sizeTimer ??= setTimeout(() => {
      sizeTimer = null;
      record = { ...record, run: { ...record.run, outputBytes: size } };
      world.onChanged(record.run);
    }, SIZE_TOLD_MS);
  };

  const endLeftovers = async (outcome: Outcome): Promise<Ending | null> => {
    const found = await killLeftovers(id, {
      groups: world.groups(),
      runner: record.process,
      reaper: record.reaper ?? null,
      runs: dirname(paths.folder),
      warn: (message) => log.write("warn", message, { run: id }),
    });
    log.write("warn", "runner gone", { run: id, outcome, ended: found?.processes ?? 0, left: found?.left ?? 0 });
    return found;
  };

  /** For a run without a runner that could say how it ended. */
  const endWithoutRunner = async (outcome: Outcome, error: WireError | null) => {
    const found = record.run.state === "queued" ? null : await endLeftovers(outcome);
    if (!isLive(record.run) || look() === "ended") return;
    const wanted: [Outcome, WireError | null] | null =
      stopWanted === null ? null : [stopWanted.failure === null ? "stopped" : "failed", stopWanted.failure];
    const [how, why] = wanted ?? [outcome, error];
    const end = { outcome: how, error: why, at: now().toISOString() };
    const overMemory = overMemoryOf(world.groups());
    const begun = record.run.ending;
    const ending = begun === undefined ? found : wholeEnding(begun, found, performance.now() - endingSince);
    const told = { ...(ending === null ? {} : { ending }), ...(overMemory === null ? {} : { overMemory }) };
    rmSync(record.socket, { force: true });
    update({ ...record.run, ...told, state: "ended", step: null, shells: 0, end });
  };

  const connect = (): Promise<boolean> => {
    if (link !== null) return Promise.resolve(true);
    connecting ??= openRunnerLink(record.socket, id, token(), {
      onState: update,
      onOutput: noteSize,
      onShared: (global, value) => {
        record = { ...record, global, value };
        world.onShared(global);
      },
      onTold: (kind, params) => world.onTold(kind, params),
      onRequest: (name, params) => world.onRequest(record.run, name, params),
      onClosed: () => {
        link = null;
        if (!released) void settle();
      },
    })
      .then((opened) => {
        if (released) opened?.close();
        else {
          link = opened;
          link?.tellScripts(world.scripts(), true);
          // What is still open has not got the answer that was sent before.
          for (const open of record.run.questions ?? []) answered.delete(open.id);
        }
        return opened !== null;
      })
      .finally(() => (connecting = null));
    return connecting;
  };

  /** What the runner wrote last, and whether it still lives. */
  const look = (): "ended" | "lives" | "dead" => {
    const state = readState(paths.record, RunRecord);
    if (state.kind === "read") {
      record = { ...state.value, run: record.run };
      if (state.value.global !== undefined) world.onShared(state.value.global);
      if (!isLive(state.value.run)) {
        update(state.value.run);
        return "ended";
      }
    }
    const runner = record.process;
    if (runner !== null) return isSameProcess(runner) ? "lives" : "dead";
    // It has not written who it is: it is still starting, or its sidecar died before it was started.
    return performance.now() - dueSince < BOOT_LIMIT_MS && isBeingStarted(id) ? "lives" : "dead";
  };

  /** Its sidecar was killed after it had promised the run and before it had started it: just now, so it still counts. */
  const isOwed = (): boolean =>
    record.process === null &&
    stopWanted === null &&
    !isOverdue &&
    !existsSync(paths.begun) &&
    Math.abs(now().getTime() - Date.parse(record.run.startedAt)) < OWED_MS;

  const startRunner = (): Promise<void> => launchRunner(world.program, id, paths, world.groups()?.trail ?? null);

  const startOwed = async (): Promise<void> => {
    isOverdue = true; // once
    log.write("info", "run started late", { run: id, script: record.run.script });
    launching = startRunner()
      .catch(async (error: unknown) => {
        if (look() === "dead") await endWithoutRunner("crashed", toWireError(error));
      })
      .finally(() => (launching = null));
    await launching;
  };

  /** One that is still starting answers in a moment; one that has answered before and does not may take any time. */
  const nextRetry = (wait: number): number =>
    record.process === null ? FIRST_RETRY_MS : Math.min(wait * 2, LONGEST_RETRY_MS);

  const launch = (): Promise<void> => {
    launching = startRunner()
      .then(() => settle())
      .catch(async (error: unknown) => {
        if (look() !== "ended") await endWithoutRunner("crashed", toWireError(error));
      })
      .finally(() => (launching = null));
    return launching;
  };

  const leaveQueue = async (): Promise<void> => {
    checkMove(record.run.state, "starting");
    const { waitsFor: _, ...waited } = record.run;
    const run: Run = { ...waited, state: "starting", startedAt: now().toISOString() };
    writeJsonAtomic(paths.record, { ...record, run } satisfies RunRecord, 0o600);
    dueSince = performance.now();
    const launched = launch(); // first, so that whoever wants it stopped as soon as it is told waits for its runner
    update(run);
    await launched;
  };

  const findOut = async (): Promise<void> => {
    if (record.run.state === "queued") {
      // Whoever knows what it waits for starts it; after a restart of the machine nobody waits any more.
      if (record.queuedIn !== bootId()) await endWithoutRunner(...NEVER_STARTED);
      return;
    }
    for (let wait = FIRST_RETRY_MS; isLive(record.run) && !released; wait = nextRetry(wait)) {
      if (await connect()) return;
      const found = look();
      if (found === "ended" || released) return;
      if (found === "dead" && isOwed()) {
        await startOwed();
        continue;
      }
      if (found === "dead") return endWithoutRunner(...causeOf(record));
      if (wait === LONGEST_RETRY_MS && !record.run.warnings.includes(SILENT)) {
        update({ ...record.run, warnings: [...record.run.warnings, SILENT] });
      }
      if (await knock(wait)) return;
    }
  };

  /** Waits before the next look; true when it has answered meanwhile. */
  const knock = async (waitMs: number): Promise<boolean> => {
    const end = performance.now() + waitMs;
    const pause = record.process === null ? KNOCK_EVERY_MS : waitMs;
    while (performance.now() < end && !released) {
      await delay(pause, undefined, { ref: false });
      if (record.process === null && (await connect())) return true;
    }
    return false;
  };

  const settle = (): Promise<void> => {
    settling ??= findOut().finally(() => (settling = null));
    return settling;
  };

  return {
    get record() {
      return record;
    },
    paths,
    get roots() {
      if (record.process === null) {
        const state = readState(paths.record, RunRecord);
        if (state.kind === "read") record = { ...state.value, run: record.run };
      }
      return [record.process, record.reaper].flatMap((found) => found?.pid ?? []);
    },
    ended,
    launch,
    noteWaiting: (waitsFor) => {
      if (record.run.state === "queued") update({ ...record.run, waitsFor: [...waitsFor] });
    },
    leaveQueue,
    settle,
    tellScripts: (scripts) => link?.tellScripts(scripts, false),
    answer: (question, value) => {
      if (answered.has(question)) throw new PinokioError("answered-already", "Somebody else has answered this already");
      if (record.run.questions?.some((open) => open.id === question) !== true) {
        throw new PinokioError("request-invalid", "This question is not open any more", {
          hint: "Somebody has answered it, or the script was stopped",
        });
      }
      if (link === null) throw new PinokioError("run-missing", `The run ${id} cannot be reached for an answer`);
      answered.add(question);
      link.answer(question, value);
    },
    noteTakenBack: () => {
      if (isLive(record.run)) return;
      const { failedStep: _, ...run } = record.run;
      record = { ...record, run: { ...run, takenBack: true } };
      rmSync(paths.resume, { force: true });
      try {
        writeJsonAtomic(paths.record, record, 0o600);
      } catch (error) {
        log.write("error", "run record not written", { run: id, error: String(error) });
      }
      world.onChanged(record.run);
    },
    toTerminal: (wish) => {
      if (link === null) throw new PinokioError("run-missing", `The run ${id} cannot be reached`);
      if ("text" in wish) link.type(wish.text);
      else link.resize(wish.columns, wish.rows);
    },
    steps: async (after) => {
      if (isLive(record.run)) return (await link?.steps(after)) ?? null;
      const kept = readState(paths.steps, RunSteps);
      if (kept.kind !== "read") return null;
      return after >= kept.value.version ? { ...kept.value, steps: [] } : kept.value;
    },
    setNice: (nice, because) => link?.setNice(nice, because),
    stop: async (graceMs, failure) => {
      stopWanted ??= { failure: failure ?? null };
      await launching;
      if (!isLive(record.run)) return record.run;
      if (record.run.state === "queued") {
        await endWithoutRunner("stopped", null);
        return record.run;
      }
      await connect();
      link?.stop(graceMs, failure);
      const tooLong = delay(link === null ? 0 : graceMs + BEYOND_GRACE_MS, "late", { ref: false });
      if ((await Promise.race([ended, tooLong])) === "late" && isLive(record.run)) {
        // The runner itself hangs: its script may have blocked it. What it started is found by its token.
        if (look() !== "ended") await endWithoutRunner("stopped", null);
      }
      return record.run;
    },
    letGo: () => {
      released = true;
      if (sizeTimer !== null) clearTimeout(sizeTimer);
      link?.close();
    },
  };
}

/** Whether something is on its way to being its runner: the mark is on the runner, and on the command that starts it. */
const isBeingStarted = (id: RunId): boolean =>
  processesWith(RUN_TOKEN_VARIABLE, id).length > 0 || processesAbout(`${RUN_TOKEN_VARIABLE}=${id}`).length > 0;

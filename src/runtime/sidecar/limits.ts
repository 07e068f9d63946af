import { existsSync } from "node:fs";
import { availableParallelism, getPriority } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { appMissing } from "../base/app-missing.js";
import { quotedWord } from "../base/command-words.js";
import { overMemoryOf } from "../base/cgroups.js";
import type { AppRules } from "../config/app-settings.js";
import { type AppSettingsChange, type AppSettingsNow, memoryText } from "../protocol/app-settings.js";
import type { WireError } from "../protocol/errors.js";
import { type AppId, RunId } from "../protocol/ids.js";
import { isLive, type OverMemory, type Run } from "../protocol/runs.js";
import type { LimitList } from "../protocol/system.js";
import { LimitWatch, type WatchedRun } from "../resources/limit-watch.js";
import { readMemory, SYSTEM } from "../resources/machine-counters.js";
import { diskOf } from "../storage/use.js";
import type { Apps } from "./apps.js";
import type { DiskBudgets } from "./disk-budgets.js";
import { type HeldRuns, isLimited } from "./held-runs.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

/** How often it is looked at runs with limits; never when there is none. */
const LOOK_EVERY_MS = 3_000;
const MOST_NICE = 19;
const NICE_TAKES_MS = 200;
const SWEEP_AFTER_MS = 2_000;

type RunNow = AppSettingsNow["runs"][number];

/** What a person has decided for an app, carried out for its runs. */
export class AppLimits {
  readonly #opened: OpenedHome;
  readonly #held: HeldRuns;
  readonly #budgets: DiskBudgets;
  readonly #runs: Runs;
  readonly #views: Apps["views"];
  readonly #notices: News["notices"];
  readonly #watch: LimitWatch;
  readonly #live = new Set<RunId>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    opened: OpenedHome,
    held: HeldRuns,
    runs: Runs,
    { views }: Apps,
    { notices }: News,
    budgets: DiskBudgets,
  ) {
    this.#opened = opened;
    this.#held = held;
    this.#budgets = budgets;
    this.#runs = runs;
    this.#views = views;
    this.#notices = notices;
    this.#watch = new LimitWatch({
      onMemory: (id, usedBytes) => this.#stop(id, usedBytes),
      onCpu: (id) => this.#slowDown(id),
    });
    held.askOf(runs.supervisor.requestOf);
    runs.supervisor.onRun((run) => this.#note(run));
  }

  /** Every run is known: those that live are held to their limits again. */
  begin(): void {
    for (const run of this.#runs.live) this.#note(run);
    setTimeout(() => this.#sweep(), SWEEP_AFTER_MS).unref(); // nobody who waits for the sidecar waits for this
  }

  async now(app: AppId): Promise<AppSettingsNow> {
    this.#now(app); // only for an app that there is
    await this.#budgets.measure(app);
    return this.#now(app);
  }

  #now(app: AppId): AppSettingsNow {
    const { appSettings, paths } = this.#opened;
    const settings = appSettings.written(app);
    if (!existsSync(join(paths.api, app)) && Object.keys(settings).length === 0) throw appMissing(app);
    const { stopGraceMs, ...rules } = appSettings.of(app);
    const runs = this.#liveOf(app);
    const programs = runs.length === 0 ? new Map<RunId, number[]>() : this.#programs();
    return {
      settings,
      holds: { ...rules, stopGraceSeconds: stopGraceMs / 1_000 },
      diskUsedBytes: this.#budgets.of(app)?.bytes ?? null,
      enforced: this.#held.enforced,
      runs: runs.map((run) => this.#runNow(run, programs.get(run.id) ?? [])),
    };
  }

  /** Everything that is decided, and who sees to it. */
  async list(): Promise<LimitList> {
    const { appSettings, settings, home } = this.#opened;
    const apps = appSettings.apps.map(async ([app, written]) => {
      await this.#budgets.measure(app);
      return { app, settings: written, diskUsedBytes: this.#budgets.of(app)?.bytes ?? null };
    });
    const disk = await diskOf(home);
    return {
      machine: {
        memoryBytes: readMemory(SYSTEM).totalBytes,
        cores: availableParallelism(),
        diskFreeBytes: disk.freeBytes,
        diskTotalBytes: disk.totalBytes,
      },
      diskWarningBytes: settings.diskWarningBytes,
      enforced: this.#held.enforced,
      everyApp: appSettings.everyApp,
      apps: await Promise.all(apps),
    };
  }

  /** What holds for every app may be another now. */
  holdAgain(): void {
    for (const run of this.#runs.live) this.#holdAgain(run);
    this.#budgets.lookAgain();
    this.#arm();
  }

  async change(app: AppId, change: AppSettingsChange): Promise<AppSettingsNow> {
    this.#now(app); // only for an app that there is
    this.#opened.appSettings.change(app, change);
    this.#budgets.lookAgain();
    const told = this.#liveOf(app).filter((run) => this.#holdAgain(run));
    this.#arm();
    this.#views.refreshSoon(app);
    if (told.length > 0) await delay(NICE_TAKES_MS); // else it would be told as what is still to come
    return this.now(app);
  }

  /** Whether its programs were told to yield otherwise. */
  #holdAgain(run: Run): boolean {
    const { nice } = this.#rulesOf(run);
    if (this.#held.holdAgain(run).nice === nice) return false;
    this.#runs.supervisor.setNice(run.id, nice, null);
    this.#held.noteNice(run, nice);
    return true;
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #sweep(): void {
    const { supervisor } = this.#runs;
    this.#held.sweep((id) => {
      const run = supervisor.get(RunId.parse(id));
      return run === null ? null : !isLive(run);
    });
  }

  #rulesOf({ appId }: Run): AppRules {
    return this.#opened.appSettings.of(appId);
  }

  #liveOf(app: AppId): Run[] {
    return this.#runs.live.filter(({ appId }) => appId === app);
  }

  /** Of each live run, without the processes that are ours. */
  #programs(): Map<RunId, number[]> {
    const all = this.#runs.supervisor.processes();
    return new Map(all.map(({ id, pids, own }) => [id, pids.filter((pid) => !own.includes(pid))]));
  }

  #runNow(run: Run, programs: readonly number[]): RunNow {
    const { enforced, mostNice } = this.#held.of(run);
    const isLater = (limited: "memory" | "cpu"): boolean =>
      this.#held.by(run, limited) === "watched" && this.#held.enforced[limited] === "cgroup";
    // Whoever may not take it back has to wait until the programs are started anew.
    const isNiceLater = mostNice > this.#rulesOf(run).nice && programs.some((pid) => priorityOf(pid) === mostNice);
    const later: Record<RunNow["atNextStart"][number], boolean> = {
      memory: isLater("memory"),
      cpu: isLater("cpu"),
      nice: isNiceLater,
    };
    const atNextStart = (["memory", "cpu", "nice"] as const).filter((what) => later[what]);
    return { runId: run.id, enforced, atNextStart };
  }

  #note(run: Run): void {
    if (isLive(run) === this.#live.has(run.id)) return;
    if (isLive(run)) {
      this.#live.add(run.id);
      this.#held.of(run);
    } else {
      this.#live.delete(run.id);
      this.#tellKills(run, run.overMemory ?? null);
      this.#held.forget(run.id);
    }
    this.#arm();
  }

  /** Nothing is looked at while no run has limits. */
  #arm(): void {
    const isNeeded = this.#runs.live.some((run) => isLimited(this.#rulesOf(run)));
    if (isNeeded) this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    else {
      this.close();
      this.#timer = null;
    }
  }

  #look(): void {
    const limited = this.#runs.live.filter((run) => isLimited(this.#rulesOf(run)));
    for (const run of limited) this.#tellKills(run, overMemoryOf(this.#held.of(run).groups));
    const isWatched = (run: Run): boolean =>
      this.#held.by(run, "memory") === "watched" || this.#held.by(run, "cpu") === "watched";
    const watched = limited.filter(isWatched);
    const programs = watched.length === 0 ? null : this.#programs();
    this.#watch.look(watched.map((run) => this.#watched(run, programs?.get(run.id) ?? [])));
  }

  #watched(run: Run, pids: readonly number[]): WatchedRun {
    const { memoryBytes, cpu } = this.#rulesOf(run);
    const ours = (limited: "memory" | "cpu"): boolean => this.#held.by(run, limited) === "watched";
    return {
      id: run.id,
      pids,
      limits: { memoryBytes: ours("memory") ? memoryBytes : null, cpu: ours("cpu") ? cpu : null },
    };
  }

  #stop(id: RunId, usedBytes: number): void {
    const { supervisor } = this.#runs;
    const run = supervisor.get(id);
    if (run === null || !isLive(run) || run.state === "stopping") return;
    const { memoryBytes } = this.#rulesOf(run);
    if (memoryBytes === null) return;
    void supervisor.stop(id, overMemory(run, usedBytes, memoryBytes)).catch(() => undefined);
  }

  #slowDown(id: RunId): void {
    const run = this.#runs.supervisor.get(id);
    const cpu = run === null ? null : this.#rulesOf(run).cpu;
    if (run === null || cpu === null || this.#held.of(run).nice === MOST_NICE) return;
    this.#held.noteNice(run, MOST_NICE);
    this.#runs.supervisor.setNice(id, MOST_NICE, overCpu(run, cpu));
  }

  #tellKills(run: Run, over: OverMemory | null): void {
    const held = this.#held.of(run);
    if (over === null || over.programs <= held.kills) return;
    held.kills = over.programs;
    const limit = over.limitBytes === null ? "" : `${memoryText(over.limitBytes)} of `;
    this.#notices.add({
      level: "warning",
      message: `The system ended a program of ${run.script}: together its programs wanted more than the ${limit}memory that ${nameOf(run)} may use`,
      hint: raiseHint(run),
      ...(run.appId === null ? {} : { from: run.appId }),
    });
  }
}

function priorityOf(pid: number): number | null {
  try {
    return getPriority(pid);
  } catch {
    return null; // gone
  }
}

const nameOf = ({ appId, script }: Run): string => appId ?? script;

const raiseHint = (run: Run): string =>
  `Choose a smaller model or batch, or let it use more: \`pinokiocloud limit ${quotedWord(nameOf(run))} --memory …\``;

const overMemory = (run: Run, usedBytes: number, limitBytes: number): WireError => ({
  code: "memory-limit",
  message: `The programs of ${run.script} used ${memoryText(usedBytes)} of memory; ${nameOf(run)} may use ${memoryText(limitBytes)}`,
  hint: raiseHint(run),
  context: { used: String(usedBytes), limit: String(limitBytes) },
});

const overCpu = (run: Run, cores: number): string =>
  `${nameOf(run)} used more than the ${cores} ${cores === 1 ? "core" : "cores"} that it may: its programs yield to all others now (nice ${MOST_NICE})`;

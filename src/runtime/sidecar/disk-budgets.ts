import { existsSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { quotedWord } from "../base/command-words.js";
import { treeSize } from "../base/tree-size.js";
import type { Changes } from "../library/changes/index.js";
import { PinokioError } from "../protocol/errors.js";
import type { AppId } from "../protocol/ids.js";
import { isLive } from "../protocol/runs.js";
import { sizeText } from "../protocol/sizes.js";
import type { Environments } from "./environments.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";
import type { Runs } from "./runs.js";

/** How often it is looked at while an app with a budget runs: mostly only at how much of the disk is free. */
const LOOK_EVERY_MS = 15_000;
/** Others may have freed what this app has taken. */
const MEASURE_AGAIN_MS = 10 * 60_000;
/** From this share on it is nearly used up. */
const NEAR = 0.9;
/** What is told again only when the app takes clearly less. */
const LESS = 0.85;

interface Measured {
  bytes: number;
  freeBytes: number;
  at: number;
}

interface Told {
  state: "near" | "over";
  /** Of what it may take. */
  most: number;
  notice: string;
}

/** What an app may take of the disk, looked after: nothing is measured for apps without a budget, or when none runs. */
export class DiskBudgets {
  readonly #opened: OpenedHome;
  readonly #runs: Runs;
  readonly #news: News;
  readonly #environments: Pick<Environments, "list">;
  readonly #measured = new Map<AppId, Measured>();
  readonly #told = new Map<AppId, Told>();
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  constructor(opened: OpenedHome, runs: Runs, news: News, environments: Pick<Environments, "list">) {
    this.#opened = opened;
    this.#runs = runs;
    this.#news = news;
    this.#environments = environments;
    runs.supervisor.onRun(({ appId, state }) => {
      if (appId === null || this.#budgetOf(appId) === null) return;
      this.#arm();
      if (state === "ended") void this.#look(appId, true).catch(() => undefined);
    });
  }

  /** What it takes as far as that is known, and may take; null without a budget. */
  of(app: AppId): { bytes: number | null; most: number } | null {
    const most = this.#budgetOf(app);
    return most === null ? null : { bytes: this.#measured.get(app)?.bytes ?? null, most };
  }

  /** Measures an app with a budget, for whoever looks. */
  async measure(app: AppId): Promise<void> {
    if (this.#budgetOf(app) !== null) await this.#look(app, false);
  }

  /** Throws when the app has used up what it may take. */
  async check(app: AppId, wayOut = ""): Promise<void> {
    const most = this.#budgetOf(app);
    if (most === null) return;
    await this.#look(app, true);
    const bytes = this.#measured.get(app)?.bytes ?? 0;
    if (bytes < most) return;
    throw new PinokioError("disk-budget", `${overText(app, bytes, most)}: nothing more is installed or downloaded`, {
      hint: wayOut + (await this.#hint(app)),
      context: { used: String(bytes), budget: String(most) },
    });
  }

  /** An app is gone, or may take more or less: what is not true any more is not shown any more. */
  lookAgain(): void {
    for (const [app, { most }] of this.#told) {
      const now = this.#budgetOf(app);
      if (now === most && existsSync(join(this.#opened.paths.api, app))) continue;
      this.#takeBack(app);
      this.#measured.delete(app);
      if (now !== null) void this.#look(app, true).catch(() => undefined); // gone, or there is no reading it
    }
  }

  /** An update fetches, and a reset installs again: both begin only where the app may take more. */
  around(changes: Changes): Changes {
    const update: Changes["update"] = async (app, how) => {
      await this.check(app);
      return changes.update(app, how);
    };
    const reset: Changes["reset"] = async (app, how) => {
      if (how.install) await this.check(app, "Reset without its install script afterwards, it takes less. ");
      return changes.reset(app, how);
    };
    return { ...changes, update, reset };
  }

  close(): void {
    this.#ending.abort();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #budgetOf(app: AppId): number | null {
    return this.#opened.appSettings.of(app).diskBytes;
  }

  /** Armed only while an app with a budget runs. */
  #arm(): void {
    this.#timer ??= setInterval(() => {
      const apps = new Set(this.#runs.live.flatMap(({ appId }) => appId ?? []));
      const watched = [...apps].filter((app) => this.#budgetOf(app) !== null);
      if (watched.length === 0) {
        if (this.#timer !== null) clearInterval(this.#timer);
        this.#timer = null;
      }
      for (const app of watched) void this.#look(app, false).catch(() => undefined);
    }, LOOK_EVERY_MS).unref();
  }

  /** Measures when the app may have come near its budget since the last time, or when somebody must know. */
  async #look(app: AppId, mustKnow: boolean): Promise<void> {
    const most = this.#budgetOf(app);
    if (most === null) return;
    const known = this.#measured.get(app);
    const freeBytes = freeIn(this.#opened.home);
    if (known !== undefined && !mustKnow) {
      const left = (known.bytes < most * NEAR ? most * NEAR : most) - known.bytes;
      const isNew = performance.now() - known.at < MEASURE_AGAIN_MS;
      if (isNew && known.freeBytes - freeBytes < Math.max(left / 2, 0)) return;
    }
    const { bytes, sharedBytes } = await treeSize([join(this.#opened.paths.api, app)], this.#ending.signal);
    this.#measured.set(app, { bytes: bytes + sharedBytes, freeBytes, at: performance.now() });
    await this.#tell(app, bytes + sharedBytes, most);
  }

  async #tell(app: AppId, bytes: number, most: number): Promise<void> {
    const state = bytes >= most ? "over" : bytes >= most * NEAR ? "near" : null;
    if (state === null) {
      if (bytes < most * LESS) this.#takeBack(app);
      return;
    }
    const told = this.#told.get(app)?.state;
    if (told === state || (told === "over" && state === "near")) return;
    this.#takeBack(app);
    const about: Told = { state, most, notice: "" }; // told from here on, whoever looks meanwhile
    this.#told.set(app, about);
    this.#opened.log.write("warn", "disk budget", { app, state, bytes, most });
    const runs = this.#runs.live.some((run) => run.appId === app && isLive(run));
    const goesOn = runs ? "; what runs goes on" : "";
    const hint = await this.#hint(app);
    if (this.#told.get(app) !== about) return; // it is over already
    about.notice = this.#news.notices.add({
      level: "warning",
      from: app,
      message:
        state === "over"
          ? `${overText(app, bytes, most)}: nothing more is installed or downloaded for it${goesOn}`
          : `${app} takes ${sizeText(bytes)} of the ${sizeText(most)} of the disk that it may take`,
      hint,
    });
  }

  #takeBack(app: AppId): void {
    const told = this.#told.get(app);
    this.#told.delete(app);
    if (told !== undefined && told.notice !== "") this.#news.notices.dismiss(told.notice);
  }

  /** What could be freed, the largest first. */
  async #hint(app: AppId): Promise<string> {
    const { environments } = await this.#environments.list(app);
    const own = environments.filter((one) => one.app === app && (one.bytes ?? 0) > 0);
    const cache = await treeSize([join(this.#opened.paths.api, app, "cache")], this.#ending.signal);
    const parts = [
      ...own.map(({ id, bytes }) => ({
        what: `${id.slice(`api/${app}/`.length)}, made again by installing`,
        bytes: bytes ?? 0,
      })),
      { what: "its cache, loaded again when needed", bytes: cache.bytes + cache.sharedBytes },
    ].filter(({ bytes }) => bytes > 1024 ** 2);
    const named = parts
      .sort((one, other) => other.bytes - one.bytes)
      .map(({ what, bytes }) => `${sizeText(bytes)} (${what})`);
    const free = named.length === 0 ? "" : `Could be freed: ${named.join(", ")}. `;
    return `${free}Let it take more: \`pinokiocloud limit ${quotedWord(app)} --disk …\``;
  }
}

const overText = (app: AppId, bytes: number, most: number): string =>
  `${app} takes ${sizeText(bytes)} of the disk and may take ${sizeText(most)}`;

function freeIn(home: string): number {
  const { bavail, bsize } = statfsSync(home);
  return bavail * bsize;
}

import type { Snapshot } from "../protocol/events.js";
import type { Lacks } from "../protocol/sidecar.js";
import { type DiskAbilities, isShortOfSpace, probeDisk } from "../storage/lacks.js";
import type { News } from "./news.js";
import type { OpenedHome } from "./open-home.js";

/** How often the space is looked at while somebody could see it: it costs microseconds. */
const LOOK_EVERY_MS = 30_000;

type Mode = Pick<Snapshot, "mode" | "modeReason">;

/** What is done without while the home's disk lacks links or space, and that it is said. */
export class MinimalMode {
  readonly #opened: OpenedHome;
  readonly #news: News;
  readonly #abilities: DiskAbilities;
  readonly #timer: NodeJS.Timeout;
  #space: boolean;

  constructor(opened: OpenedHome, news: News, isWatched: () => boolean) {
    this.#opened = opened;
    this.#news = news;
    const canWrite = opened.mode === "full";
    this.#abilities = canWrite ? probeDisk(opened.paths.run) : { links: true, programs: true };
    this.#space = canWrite && isShortOfSpace(opened.home, { wasShort: false });
    this.#timer = setInterval(() => {
      if (isWatched()) this.look();
    }, LOOK_EVERY_MS).unref();
    const { mode, modeReason } = this.now();
    if (mode === "minimal") opened.log.write("warn", "minimal", { reason: modeReason });
  }

  get lacks(): Lacks {
    return { links: !this.#abilities.links, space: this.#space };
  }

  /** Space comes and goes: who asks gets what is true. */
  now(): Mode {
    this.look();
    return this.#mode();
  }

  #mode(): Mode {
    const { mode, modeReason } = this.#opened;
    if (mode === "read-only") return { mode, modeReason };
    const lost = this.#opened.lost();
    if (lost !== null) return { mode: "read-only", modeReason: lost };
    const reasons = reasonsOf({ ...this.lacks, programs: !this.#abilities.programs });
    return reasons.length === 0 ? { mode, modeReason } : { mode: "minimal", modeReason: reasons.join(" ") };
  }

  /** Tells everybody when it has changed. */
  look(): void {
    const { mode, home } = this.#opened;
    if (mode !== "full" || isShortOfSpace(home, { wasShort: this.#space }) === this.#space) return;
    this.#space = !this.#space;
    const now = this.#mode();
    this.#opened.log.write("info", "mode", { mode: now.mode, reason: now.modeReason });
    this.#news.events.publish({ type: "mode-changed", ...now });
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function reasonsOf({ links, space, programs }: Lacks & { programs: boolean }): string[] {
  return [
    ...(programs ? ["Nothing on this home's disk can be run: choose another home."] : []),
    ...(links ? ["This home's disk takes no links: apps share nothing and keep copies."] : []),
    ...(space ? ["Little space is left on this home's disk: downloaded packages are not kept."] : []),
  ];
}

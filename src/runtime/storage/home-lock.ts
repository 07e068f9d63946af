import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import * as z from "zod";
import type * as Sqlite from "node:sqlite";
import { writeJsonAtomic } from "../base/atomic-file.js";
import { bootId, isSameProcess, thisProcess } from "../base/processes.js";
import { PinokioError } from "../protocol/errors.js";
import type { HomePaths } from "./paths.js";

/** Who holds a home, written beside the lock for people and for other machines. */
const Holder = z.object({
  host: z.string(),
  bootId: z.string(),
  pid: z.number(),
  startTime: z.string(),
  heartbeatAt: z.number(),
});
export type Holder = z.infer<typeof Holder>;

export type LockDecision = "take" | "busy" | "elsewhere";

const HEARTBEAT_MS = 20_000;
const FRESH_MS = 60_000;
/** How often the clock is looked at: a machine that slept has missed beats, and looks before it does anything else. */
const TICK_MS = 5_000;

/** Whether a home may be taken, from what is known about it. `fileLock` is null where the disk cannot lock files. */
export function decideLock(facts: {
  found: Holder | null;
  us: { host: string; bootId: string };
  holderLives: boolean;
  fileLock: boolean | null;
  now: number;
}): LockDecision {
  const { found, us, holderLives, fileLock, now } = facts;
  const here = found !== null && found.host === us.host && found.bootId === us.bootId;
  if (found !== null && !here) {
    const fresh = Math.abs(now - found.heartbeatAt) < FRESH_MS;
    if (fresh || fileLock === false) return "elsewhere";
  }
  if (fileLock === false) return "busy";
  if (fileLock === null && here && holderLives) return "busy";
  return "take";
}

/** Held until released or until this process is gone, however it goes. */
export interface HomeLock {
  /** Looks whose the home is, if that was long ago, as for a process that slept. */
  look(): void;
  release(): void;
}

export interface LockOptions {
  now?: () => number;
  /** Called once when another machine has taken the home; null where it has let go of it again. */
  onLost?: (holder: Holder | null) => void;
}

/**
 * Takes the home for this process. Throws `home-busy` when a sidecar of this machine holds it, and returns the
 * holder instead of a lock when another machine does.
 */
export function takeHomeLock(
  paths: HomePaths,
  { now = Date.now, onLost = () => undefined }: LockOptions = {},
): HomeLock | { elsewhere: Holder } {
  const us = { host: hostname(), ...thisProcess() };
  const file = lockFile(paths.lockDatabase);
  const found = readHolder(paths.lock);
  const decision = decideLock({
    found,
    us,
    holderLives: found !== null && isSameProcess(found),
    fileLock: file === "unsupported" ? null : file !== "held",
    now: now(),
  });
  if (decision !== "take") {
    if (typeof file === "object") file.release();
    if (decision === "elsewhere" && found !== null) return { elsewhere: found };
    throw new PinokioError("home-busy", `Another sidecar${pidOf(found)} holds ${paths.home}`, {
      hint: "Use it, or end it with `pinokiocloud down`",
    });
  }
  const beating = beat(paths.lock, us, { now, onLost });
  return {
    look: beating.look,
    release: () => {
      beating.end();
      const holder = readHolder(paths.lock);
      if (holder !== null && isSame(holder, us)) rmSync(paths.lock, { force: true });
      if (typeof file === "object") file.release();
    },
  };
}

/** Says again and again that the home is held, and never over what another machine says. */
function beat(
  record: string,
  us: Omit<Holder, "heartbeatAt">,
  { now, onLost }: Required<LockOptions>,
): { look(): void; end(): void } {
  let isLost = false;
  let beatenAt = now();
  const write = (): void => writeJsonAtomic(record, { ...us, heartbeatAt: now() } satisfies Holder);
  const look = (): void => {
    if (isLost || Math.abs(now() - beatenAt) < HEARTBEAT_MS) return;
    const holder = readHolder(record);
    const others = holder !== null && !isSame(holder, us);
    // Who was silent for long enough to be taken for gone, and finds no record, had a successor that is gone too.
    if (others || (!existsSync(record) && Math.abs(now() - beatenAt) >= FRESH_MS)) {
      isLost = true;
      end();
      onLost(holder);
      return;
    }
    beatenAt = now();
    try {
      write();
    } catch {
      // A full disk must not end the sidecar; the file lock still holds on this machine.
    }
  };
  const timer = setInterval(look, TICK_MS).unref();
  const end = (): void => clearInterval(timer);
  write();
  return { look, end };
}

const isSame = (holder: Holder, us: Omit<Holder, "heartbeatAt">): boolean =>
  holder.host === us.host && holder.bootId === us.bootId && holder.pid === us.pid && holder.startTime === us.startTime;
const pidOf = (holder: Holder | null): string => (holder === null ? "" : ` (process ${holder.pid})`);

function readHolder(path: string): Holder | null {
  if (!existsSync(path)) return null;
  try {
    return Holder.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return null; // half a record says nothing; the file lock decides
  }
}

/** For a sidecar that only looks: one of them per home and machine. Throws `home-busy` when there is one. */
export function takeLookingLock(database: string, home: string): HomeLock {
  const file = lockFile(database);
  if (file === "held") {
    throw new PinokioError("home-busy", `Another sidecar looks at ${home}`, {
      hint: "Use it, or end it with `pinokiocloud down`",
    });
  }
  return { look: () => undefined, release: () => (typeof file === "object" ? file.release() : undefined) };
}

/** The other machine that holds the home; null where it has been silent for long enough to take it. */
export function heldElsewhere(paths: HomePaths, now: () => number = Date.now): Holder | null {
  const holder = readHolder(paths.lock);
  const here = holder !== null && holder.host === hostname() && holder.bootId === bootId();
  return !here && holder !== null && Math.abs(now() - holder.heartbeatAt) < FRESH_MS ? holder : null;
}

/** The system releases the lock of an open SQLite transaction when its process dies: nothing to clean, nothing to guess. */
function lockFile(path: string): { release(): void } | "held" | "unsupported" {
  try {
    const { DatabaseSync } = createRequire(import.meta.url)("node:sqlite") as typeof Sqlite;
    const database = new DatabaseSync(path);
    try {
      database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    } catch (error) {
      database.close();
      if (error instanceof Error && /locked|busy/i.test(error.message)) return "held";
      throw error;
    }
    return { release: () => database.close() };
  } catch {
    return "unsupported";
  }
}

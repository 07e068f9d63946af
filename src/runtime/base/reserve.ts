import { randomBytes } from "node:crypto";
import { closeSync, lstatSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { PinokioError, toWireError } from "../protocol/errors.js";
import { errnoOf, isOutOfSpace } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

/**
 * A file of no use but for the room it takes. Whoever removes things from a full disk has to write a little first, and
 * gives it up for that.
 */
const RESERVE_BYTES = 4 * 1024 ** 2;
/** Where less is free beside it, it would be in the way. */
const ROOM_BYTES = 12 * 1024 ** 2;
/** With less than this what is to be removed may not be written down. */
const SHORT_BYTES = 1024 ** 2;
const PIECE_BYTES = 64 * 1024;

const reserveOf = (home: string): string => join(home, "system", "reserve");

const sizeOf = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;

const freeOn = (home: string): number => {
  const { bavail, bsize } = statfsSync(home);
  return bavail * bsize;
};

/** Whether a disk is as good as full. */
export const hasLittleRoom = (home: string): boolean => freeOn(home) < ROOM_BYTES;

/** Makes the reserve where it is missing and there is room. What keeps it from being made matters to nobody now. */
export function keepReserve(home: string): void {
  try {
    const missing = RESERVE_BYTES - sizeOf(reserveOf(home));
    if (missing > 0 && freeOn(home) >= missing + ROOM_BYTES) make(reserveOf(home), RESERVE_BYTES);
  } catch {
    // the next one tries again
  }
}

/** Does what needs a little room on a disk that may be full. */
export async function withReserve<Value>(home: string, work: () => Promise<Value>): Promise<Value> {
  const isGiven = giveUpReserve(home);
  try {
    return await work();
  } catch (error) {
    throw isOutOfSpace(error) ? notEnough(error) : error;
  } finally {
    if (isGiven) takeBack(home);
  }
}

const notEnough = (cause: unknown): PinokioError =>
  new PinokioError("out-of-space", toWireError(cause).message, {
    hint: "Empty the trash, or remove files by hand, then try again: what is kept in reserve was not enough",
    cause,
  });

/** As `withReserve`, for what is done at once, and often: nothing is written to find out. */
export function withReserveNow<Value>(home: string, work: () => Value): Value {
  const isGiven = giveUpReserve(home, lacksRoom);
  try {
    return work();
  } finally {
    if (isGiven) takeBack(home);
  }
}

/** Lets a little of it go, for somebody who has to begin on a full disk. */
export function giveSomeReserve(home: string): boolean {
  try {
    const left = sizeOf(reserveOf(home)) - SHORT_BYTES;
    if (left < SHORT_BYTES || !isShort(home)) return false;
    truncateSync(reserveOf(home), left);
    return true;
  } catch {
    return false;
  }
}

/** Returns whether there was something to give up, and need for it. */
function giveUpReserve(home: string, isNeeded: (home: string) => boolean = isShort): boolean {
  try {
    if (sizeOf(reserveOf(home)) === 0 || !isNeeded(home)) return false;
    rmSync(reserveOf(home));
    return true;
  } catch {
    return false;
  }
}

/** The next one to remove something needs it too. */
function takeBack(home: string): void {
  keepReserve(home);
  try {
    if (sizeOf(reserveOf(home)) > 0) return;
    const bytes = Math.min(RESERVE_BYTES, freeOn(home) - PIECE_BYTES);
    if (bytes >= SHORT_BYTES) make(reserveOf(home), bytes);
  } catch {
    // there is none left
  }
}

const lacksRoom = (home: string): boolean => freeOn(home) < SHORT_BYTES;

/** What the disk says is free need not be free for us: a quota shows only when something is written. */
function isShort(home: string): boolean {
  if (lacksRoom(home)) return true;
  const probe = `${reserveOf(home)}.probe-${randomBytes(4).toString("hex")}`;
  try {
    make(probe, PIECE_BYTES);
    return false;
  } catch (error) {
    return errnoOf(error) === "ENOSPC" || errnoOf(error) === "EDQUOT";
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Of bytes that no disk makes less of. */
function make(path: string, bytes: number): void {
  makeFolder(dirname(path));
  const file = openSync(path, "w", 0o600);
  try {
    for (let left = bytes; left > 0;) left -= writeSync(file, randomBytes(Math.min(left, PIECE_BYTES)));
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  symlinkSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { moveTree } from "../../base/move-path.js";
import { namesIn } from "../../base/names-in.js";
import { isMadeIn } from "../../base/own-files.js";
import { type Before, copyAlike } from "./before-script.js";
import { isThere } from "./put-back.js";

interface ReturnOrder {
  /** The app's folder. */
  to: string;
  /** Where a person's files go as the script has left them, by their places. */
  aside: string;
  /** Files of checkouts below the app that their own git knows by now: whether they are other than it has them. */
  known: ReadonlyMap<string, { isEdited: boolean }>;
}

/** Whoever looks through large folders serves others too. */
const AT_ONCE = 200;
/** Times are written to the millisecond. */
const SAME_TIME_MS = 2;

/**
 * Makes an app's files what they were before its update script ran. What that has made goes, a person's files are put
 * aside as it has left them, and what it has added beside them stays. Nothing that is kept is used up: when this is cut
 * off, it is called again. Returns what was written over in place, which nobody has any more.
 */
export async function returnBefore(before: Before, order: ReturnOrder): Promise<string[]> {
  const work = new Return(before, { ...order, to: realpathSync(order.to) });
  await work.folder("", { isKept: true, isMade: false });
  return work.lost.sort();
}

interface Pair {
  place: string;
  kept: Stats | undefined;
  now: Stats | undefined;
  isMade: boolean;
}

class Return {
  readonly lost: string[] = [];
  readonly #before: Before;
  readonly #order: ReturnOrder;
  #seen = 0;

  constructor(before: Before, order: ReturnOrder) {
    this.#before = before;
    this.#order = order;
  }

  async folder(below: string, { isKept, isMade }: { isKept: boolean; isMade: boolean }): Promise<void> {
    const [keptFolder, folder] = [join(this.#before.files, below), join(this.#order.to, below)];
    const names = new Set([...(isKept ? namesIn(keptFolder) : []), ...namesIn(folder)]);
    const pairs = [...names].map((name): Pair => {
      const place = join(below, name);
      const isMadeHere = isMade || isMadeIn(folder, name) || (isKept && isMadeIn(keptFolder, name));
      const kept = isKept ? statOf(join(keptFolder, name)) : undefined;
      return { place, kept, now: statOf(join(folder, name)), isMade: isMadeHere };
    });
    // A repository comes last: until then it says what is its own.
    pairs.sort((one, other) => Number(basename(one.place) === ".git") - Number(basename(other.place) === ".git"));
    for (const pair of pairs) {
      if (++this.#seen % AT_ONCE === 0) await afterOthers();
      if (pair.place !== ".git") await this.#one(pair);
    }
  }

  async #one({ place, kept, now, isMade }: Pair): Promise<void> {
    if (kept === undefined) {
      if (now !== undefined) await this.#added(place, now, isMade);
    } else if (now === undefined) await this.#bring(place, kept);
    else if (kept.isDirectory() && now.isDirectory()) await this.folder(place, { isKept: true, isMade });
    else if (!this.#isAsBefore(place, kept, now)) {
      await this.#takeAway(place, isMade);
      await this.#bring(place, kept);
    }
  }

  /** What was not there before. */
  async #added(place: string, now: Stats, isMade: boolean): Promise<void> {
    const path = join(this.#order.to, place);
    const isCheckout = now.isDirectory() && isThere(join(path, ".git"));
    if (isMade || isCheckout || this.#order.known.has(place)) return this.#takeAway(place, isMade);
    if (!now.isDirectory()) return;
    const wasEmpty = readdirSync(path).length === 0;
    await this.folder(place, { isKept: false, isMade });
    if (!wasEmpty && readdirSync(path).length === 0) rmdirSync(path);
  }

  #isAsBefore(place: string, kept: Stats, now: Stats): boolean {
    if (kept.isSymbolicLink() && now.isSymbolicLink())
      return readlinkSync(join(this.#before.files, place)) === readlinkSync(join(this.#order.to, place));
    if (!kept.isFile() || !now.isFile()) return false;
    if (kept.ino !== now.ino || kept.dev !== now.dev) return isAlike(kept, now);
    const was = this.#before.named.get(place);
    if (was !== undefined && !isAlike(was, now)) this.lost.push(place);
    return true;
  }

  async #takeAway(place: string, isMade: boolean): Promise<void> {
    const path = join(this.#order.to, place);
    const isGits = this.#order.known.get(place)?.isEdited === false;
    if (isMade || isGits) await rm(path, { recursive: true, force: true });
    else await moveTree(path, freePlace(join(this.#order.aside, place)));
  }

  async #bring(place: string, kept: Stats): Promise<void> {
    if (++this.#seen % AT_ONCE === 0) await afterOthers();
    const [from, to] = [join(this.#before.files, place), join(this.#order.to, place)];
    if (!kept.isDirectory()) return this.#bringFile(place, kept);
    mkdirSync(to);
    for (const name of namesIn(from)) await this.#bring(join(place, name), lstatSync(join(from, name)));
    chmodSync(to, kept.mode & 0o7777);
  }

  #bringFile(place: string, kept: Stats): void {
    const [from, to] = [join(this.#before.files, place), join(this.#order.to, place)];
    if (kept.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else if (this.#before.named.has(place)) linkSync(from, to);
    else {
      const arriving = join(dirname(to), `.${basename(to)}.returning`);
      rmSync(arriving, { force: true });
      copyAlike(from, arriving, kept);
      renameSync(arriving, to);
    }
  }
}

const isAlike = (one: Pick<Stats, "size" | "mtimeMs">, other: Pick<Stats, "size" | "mtimeMs">): boolean =>
  one.size === other.size && Math.abs(one.mtimeMs - other.mtimeMs) < SAME_TIME_MS;

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a file is in the place of a folder above it
  }
}

/** What was put aside before it was cut off stays. */
function freePlace(place: string): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? place : `${place} ${number}`;
    if (!isThere(free)) return free;
  }
}

import { Buffer } from "node:buffer";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  symlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate as afterOthers } from "node:timers/promises";
import { PinokioError } from "../protocol/errors.js";
import { sameContent } from "./same-content.js";

const PIECE = 1024 * 1024;
const BLOCK = 512;

/** What may be said of a copy while it goes on, and how it is ended. */
export interface CopyWatch {
  signal?: AbortSignal | undefined;
  onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Copies a file or folder whole: times, permissions, links as links, names of the same content as such, holes as holes.
 * Sockets and pipes are left out: they belong to programs that run, and hold nothing. `to` must not be there.
 */
export async function copyTree(from: string, to: string, watch: CopyWatch = {}): Promise<void> {
  const names = new Map<string, string>();
  const folders: [path: string, stat: Stats][] = [];
  const waiting: [string, string][] = [[from, to]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    watch.signal?.throwIfAborted();
    const [source, place] = next;
    const stat = lstatSync(source);
    if (stat.isDirectory()) {
      mkdirSync(place, 0o700);
      folders.push([place, stat]);
      for (const name of readdirSync(source)) waiting.push([join(source, name), join(place, name)]);
    } else copyOne(source, place, stat, names);
    watch.onBytes?.(stat.blocks * BLOCK);
    await afterOthers();
  }
  for (const [path, { mode, atime, mtime }] of folders.reverse()) {
    chmodSync(path, mode & 0o7777);
    lutimesSync(path, atime, mtime);
  }
}

function copyOne(source: string, place: string, stat: Stats, names: Map<string, string>): void {
  const key = stat.nlink > 1 ? `${stat.dev} ${stat.ino}` : "";
  const known = key === "" ? undefined : names.get(key);
  if (known !== undefined) return linkSync(known, place);
  if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), place);
  else if (!stat.isFile()) return;
  else copyContent(source, place, stat);
  if (key !== "") names.set(key, place);
  lutimesSync(place, stat.atime, stat.mtime);
}

function copyContent(source: string, place: string, stat: Stats): void {
  if (stat.blocks * BLOCK < stat.size) copySparse(source, place, stat.size);
  else copyFileSync(source, place);
  chmodSync(place, stat.mode & 0o7777);
  const file = openSync(place, "r");
  try {
    fsyncSync(file); // the original is removed afterwards
  } finally {
    closeSync(file);
  }
}

function copySparse(source: string, place: string, size: number): void {
  const files = [openSync(source, "r"), openSync(place, "wx")] as const;
  const [piece, nothing] = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)];
  try {
    ftruncateSync(files[1], size);
    for (let at = 0; at < size;) {
      const read = readSync(files[0], piece, 0, PIECE, at);
      if (read === 0) break;
      const bytes = piece.subarray(0, read);
      if (!bytes.equals(nothing.subarray(0, read))) {
        for (let done = 0; done < read;) done += writeSync(files[1], bytes, done, read - done, at + done);
      }
      at += read;
    }
  } finally {
    for (const file of files) closeSync(file);
  }
}

/** Throws unless everything of one tree is in the other. */
export async function verifyCopy(from: string, to: string, { signal }: CopyWatch = {}): Promise<void> {
  const waiting: [string, string][] = [[from, to]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    signal?.throwIfAborted();
    const [source, place] = next;
    const stat = lstatSync(source);
    const there = lstatSync(place, { throwIfNoEntry: false });
    if (stat.isDirectory() && there?.isDirectory() === true) {
      for (const name of readdirSync(source)) waiting.push([join(source, name), join(place, name)]);
    } else if ((stat.isFile() || stat.isSymbolicLink()) && (there === undefined || !sameContent(source, place))) {
      throw new PinokioError("step-failed", `The copy ${place} is not like ${source}`, {
        hint: "The original was left where it is; look at that disk",
      });
    }
    await afterOthers();
  }
}

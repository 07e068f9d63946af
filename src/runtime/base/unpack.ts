import { Buffer } from "node:buffer";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { chmod, type FileHandle, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { PinokioError } from "../protocol/errors.js";
import { explainFileError } from "./file-errors.js";
import { placeInside } from "./inside-folder.js";
import { makeFolder } from "./make-folder.js";
import { movePath } from "./move-path.js";

export interface UnpackRequest {
  archive: string;
  folder: string;
  signal: AbortSignal;
  limits?: UnpackLimits;
}

/** What an archive may come to; more is a bomb. */
export interface UnpackLimits {
  bytes: number;
  entries: number;
  /** How many times its own size, once it is larger than `freeBytes`. */
  ratio: number;
  freeBytes: number;
}

export const LIMITS: UnpackLimits = { bytes: 1e12, entries: 2_000_000, ratio: 200, freeBytes: 1e9 };

/** A request whose entries are written into a folder of their own first, on their way to `to`. */
interface StagedRequest extends UnpackRequest {
  to: string;
}

/**
 * Unpacks a zip or a tar. No entry leaves the folder, whatever it is called and wherever links lead, and nothing comes
 * into it before the whole archive was read: one that is refused leaves nothing.
 */
export async function unpack(request: UnpackRequest): Promise<number> {
  const { archive, folder } = request;
  const kind = await kindOf(archive);
  if (kind.form !== "zip" && kind.form !== "tar") {
    throw new PinokioError("step-failed", `${archive} is no archive that can be unpacked here`, {
      hint: "zip, tar, tar.gz and tar.zst can be",
    });
  }
  const isNew = !existsSync(folder);
  try {
    makeFolder(folder);
    return await unpackStaged(request, kind);
  } catch (error) {
    if (isNew) removeEmpty(folder);
    throw explainFileError(error, folder);
  }
}

async function unpackStaged(request: UnpackRequest, kind: Kind & { form: "zip" | "tar" }): Promise<number> {
  const staged = { ...request, folder: mkdtempSync(join(request.folder, ".unpacking-")), to: request.folder };
  try {
    const entries = await (kind.form === "zip" ? unzip(staged) : untar(staged, kind.compression));
    moveInto(staged.folder, staged.to);
    return entries;
  } finally {
    await rm(staged.folder, { recursive: true, force: true });
  }
}

function moveInto(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, place] = [join(from, entry.name), join(to, entry.name)];
    const isFolderThere = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (entry.isDirectory() && isFolderThere) moveInto(source, place);
    else movePath(source, place);
  }
}

function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

type Compression = "none" | "gzip" | "zstd" | "brotli";
type Kind = { form: "zip" } | { form: "7z" } | { form: "tar"; compression: Compression } | { form: "other" };

/** By its first bytes: names lie. */
export async function kindOf(archive: string): Promise<Kind> {
  const file = await open(archive, "r");
  const head = Buffer.alloc(512);
  try {
    await file.read(head, 0, 512, 0);
  } finally {
    await file.close();
  }
  if (head.readUInt32BE(0) === 0x504b0304 || head.readUInt32BE(0) === 0x504b0506) return { form: "zip" };
  if (head.subarray(0, 6).equals(Buffer.from("377abcaf271c", "hex"))) return { form: "7z" };
  if (head.readUInt16BE(0) === 0x1f8b) return { form: "tar", compression: "gzip" };
  if (head.readUInt32LE(0) === 0xfd2fb528) return { form: "tar", compression: "zstd" };
  if (head.toString("latin1", 257, 262) === "ustar") return { form: "tar", compression: "none" };
  if (archive.endsWith(".tar.br")) return { form: "tar", compression: "brotli" };
  return archive.endsWith(".tar") ? { form: "tar", compression: "none" } : { form: "other" };
}

/** Counts what comes out, and where it may go. */
class Yield {
  readonly #request: StagedRequest;
  readonly #most: number;
  readonly #limits: UnpackLimits;
  entries = 0;
  #bytes = 0;

  constructor(request: StagedRequest, size: number) {
    this.#request = request;
    this.#limits = request.limits ?? LIMITS;
    this.#most = Math.min(this.#limits.bytes, Math.max(this.#limits.freeBytes, size * this.#limits.ratio));
  }

  /** The path of an entry; refuses one that leaves the folder. */
  place(name: string): string {
    this.#request.signal.throwIfAborted();
    const { archive, folder, to } = this.#request;
    if (++this.entries > this.#limits.entries) throw this.#tooMuch();
    const plain = name.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "") || ".";
    const path = placeInside(to, plain) === null ? null : placeInside(folder, plain);
    if (path !== null) return path;
    throw new PinokioError("step-failed", `${archive} holds "${name}", which would leave ${to}`, {
      hint: "Nothing of it was written there; get the archive from somebody you trust",
    });
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#most) throw this.#tooMuch();
  }

  /** Links may lead anywhere inside; they are made last, so that no entry is written through one. */
  linkTarget(path: string, target: string): string {
    const { folder, archive, to } = this.#request;
    if (!target.startsWith("/") && placeInside(to, relativeTo(folder, dirname(path), target)) !== null) return target;
    throw new PinokioError("step-failed", `${archive} holds a link to "${target}", which leaves ${to}`);
  }

  /** Passes on what it counts. */
  counter(): Transform {
    return new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        try {
          this.add(piece.length);
          done(null, piece);
        } catch (error) {
          done(error as Error);
        }
      },
    });
  }

  #tooMuch(): PinokioError {
    return new PinokioError(
      "step-failed",
      `${this.#request.archive} unpacks to far more than it should: it was stopped`,
      {
        hint: "An archive like this fills the disk; get it from somebody you trust",
      },
    );
  }
}

function relativeTo(folder: string, from: string, target: string): string {
  const inner = from === folder ? "" : from.slice(folder.length + 1);
  return inner === "" ? target : `${inner}/${target}`;
}

interface ZipEntry {
  name: string;
  method: number;
  flags: number;
  packed: number;
  size: number;
  offset: number;
  mode: number;
}

async function unzip(request: StagedRequest): Promise<number> {
  const file = await open(request.archive, "r");
  try {
    const { size } = await file.stat();
    const total = new Yield(request, size);
    const links: { path: string; target: string }[] = [];
    for (const entry of await zipEntries(file, size, request.archive)) {
      const path = total.place(entry.name);
      if (entry.name.endsWith("/")) {
        makeFolder(path);
        continue;
      }
      if ((entry.flags & 1) !== 0) throw broken(request.archive, `"${entry.name}" is protected by a password`);
      makeFolder(dirname(path));
      const content = await zipContent(file, entry, request.archive);
      if ((entry.mode & 0o170000) === 0o120000) {
        const target = Buffer.concat(await content.toArray()).toString("utf8");
        links.push({ path, target: total.linkTarget(path, target) });
        continue;
      }
      await writeEntry(content, path, entry.mode & 0o777, total, request.signal);
    }
    makeLinks(links);
    return total.entries;
  } finally {
    await file.close();
  }
}

async function writeEntry(
  from: Readable,
  path: string,
  mode: number,
  total: Yield,
  signal: AbortSignal,
): Promise<void> {
  rmSync(path, { force: true }); // never through a link that is there
  await pipeline(from, total.counter(), createWriteStream(path, { flags: "wx" }), { signal });
  if (mode !== 0) await chmod(path, mode | 0o600);
}

function makeLinks(links: readonly { path: string; target: string }[]): void {
  for (const { path, target } of links) {
    makeFolder(dirname(path));
    rmSync(path, { force: true });
    symlinkSync(target, path);
  }
}

const broken = (archive: string, why: string): PinokioError =>
  new PinokioError("step-failed", `${archive} cannot be unpacked: ${why}`, { hint: "Download it again" });

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

/** The list at the end of the file is the only one that counts. */
async function zipEntries(file: FileHandle, size: number, archive: string): Promise<ZipEntry[]> {
  const tailStart = Math.max(0, size - 65_557);
  const tail = await readAt(file, tailStart, size - tailStart);
  const end = tail.lastIndexOf(Buffer.from("504b0506", "hex"));
  if (end < 0) throw broken(archive, "its end is missing");
  let [length, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  const locator = end - 20;
  if (locator >= 0 && tail.readUInt32LE(locator) === 0x07064b50) {
    const far = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56);
    [length, offset] = [Number(far.readBigUInt64LE(40)), Number(far.readBigUInt64LE(48))];
  }
  if (offset + length > size) throw broken(archive, "it is cut off");
  const list = await readAt(file, offset, length);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= list.length && list.readUInt32LE(at) === 0x02014b50;) {
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((field) => list.readUInt16LE(at + field)) as [
      number,
      number,
      number,
    ];
    const name = list.toString("utf8", at + 46, at + 46 + nameLength).replaceAll("\\", "/");
    const entry: ZipEntry = {
      name,
      flags: list.readUInt16LE(at + 8),
      method: list.readUInt16LE(at + 10),
      packed: list.readUInt32LE(at + 20),
      size: list.readUInt32LE(at + 24),
      mode: list.readUInt16LE(at + 40),
      offset: list.readUInt32LE(at + 42),
    };
    widen(entry, list.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    entries.push(entry);
    at += 46 + nameLength + extraLength + noteLength;
  }
  return entries;
}

/** Large archives say the numbers that do not fit in a field of their own, in this order. */
function widen(entry: ZipEntry, extra: Buffer): void {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let field = at + 4;
    for (const name of ["size", "packed", "offset"] as const) {
      if (entry[name] !== 0xffffffff || field + 8 > extra.length) continue;
      entry[name] = Number(extra.readBigUInt64LE(field));
      field += 8;
    }
    return;
  }
}

async function zipContent(file: FileHandle, entry: ZipEntry, archive: string): Promise<Readable> {
  const head = await readAt(file, entry.offset, 30);
  if (head.length < 30 || head.readUInt32LE(0) !== 0x04034b50) throw broken(archive, `"${entry.name}" is damaged`);
  if (entry.packed === 0) return Readable.from([]);
  const start = entry.offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed = createReadStream(archive, { start, end: start + entry.packed - 1 });
  if (entry.method === 0) return packed;
  if (entry.method !== 8 && entry.method !== 93) {
    throw broken(archive, `"${entry.name}" is packed in a way (${entry.method}) that is not known here`);
  }
  const unpacked = entry.method === 8 ? zlib.createInflateRaw() : zlib.createZstdDecompress();
  packed.on("error", (error) => unpacked.destroy(error));
  return packed.pipe(unpacked);
}

const DECOMPRESSORS = { gzip: zlib.createGunzip, zstd: zlib.createZstdDecompress, brotli: zlib.createBrotliDecompress };

async function untar(request: StagedRequest, compression: Compression): Promise<number> {
  const { size } = statSync(request.archive);
  const total = new Yield(request, size);
  const packed = createReadStream(request.archive, { highWaterMark: 256 * 1024 });
  let stream: Readable = packed;
  if (compression !== "none") {
    const unpacked = DECOMPRESSORS[compression]();
    packed.on("error", (error) => unpacked.destroy(error));
    stream = packed.pipe(unpacked);
  }
  try {
    await readTar(new Pieces(stream), request, total);
  } finally {
    packed.destroy();
    stream.destroy();
  }
  return total.entries;
}

const BLOCK = 512;

async function readTar(pieces: Pieces, request: StagedRequest, total: Yield): Promise<void> {
  const links: { path: string; target: string }[] = [];
  const hardLinks: { path: string; target: string }[] = [];
  let next: { path?: string; linkpath?: string; size?: string } = {};
  for (;;) {
    const head = await pieces.take(BLOCK);
    if (head.length < BLOCK || head.every((byte) => byte === 0)) break;
    const type = String.fromCharCode(head[156] ?? 0);
    const size = next.size === undefined ? tarNumber(head.subarray(124, 136)) : Number(next.size);
    if (!Number.isSafeInteger(size) || size < 0 || !isChecked(head)) throw broken(request.archive, "it is damaged");
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if ("xgLK".includes(type)) {
      if (size > 1024 * 1024) throw broken(request.archive, "it is damaged");
      const text = (await pieces.take(size)).toString("utf8");
      await pieces.take(padding);
      if (type === "x") next = { ...next, ...paxFields(text) };
      if (type === "L") next = { ...next, path: text.replace(/\0.*$/s, "") };
      if (type === "K") next = { ...next, linkpath: text.replace(/\0.*$/s, "") };
      continue;
    }
    const prefix = head.toString("latin1", 257, 263) === "ustar\0" ? tarText(head.subarray(345, 500)) : "";
    const name = next.path ?? [prefix, tarText(head.subarray(0, 100))].filter(Boolean).join("/");
    const target = next.linkpath ?? tarText(head.subarray(157, 257));
    next = {};
    const path = total.place(name);
    if (type === "5") makeFolder(path);
    else if (type === "2") links.push({ path, target: total.linkTarget(path, target) });
    else if (type === "1") hardLinks.push({ path, target: total.place(target) });
    else if (type === "0" || type === "\0" || type === "7") {
      makeFolder(dirname(path));
      await writeEntry(pieces.stream(size), path, tarNumber(head.subarray(100, 108)) & 0o777, total, request.signal);
      await pieces.take(padding);
      continue;
    }
    await pieces.skip(size + padding);
  }
  for (const { path, target } of hardLinks) {
    makeFolder(dirname(path));
    await writeEntry(Readable.from([await readFile(target)]), path, 0, total, request.signal);
  }
  makeLinks(links);
}

const tarText = (field: Buffer): string => field.toString("utf8").replace(/\0.*$/s, "");

/** Octal digits, or a binary number whose first bit is set. */
function tarNumber(field: Buffer): number {
  const [first = 0] = field;
  if ((first & 0x80) === 0) return Number.parseInt(tarText(field).trim() || "0", 8);
  return field.subarray(1).reduce((number, byte) => number * 256 + byte, first & 0x7f);
}

function isChecked(head: Buffer): boolean {
  const wanted = tarNumber(head.subarray(148, 156));
  const sum = head.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  return sum === wanted;
}

function paxFields(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, key, value] of text.matchAll(/\d+ ([^=]+)=([^\n]*)\n/g)) {
    if (key !== undefined && value !== undefined) fields[key] = value;
  }
  return fields;
}

/** Takes a stream apart by lengths. */
class Pieces {
  readonly #iterator: AsyncIterator<Buffer>;
  #left: Buffer = Buffer.alloc(0);

  constructor(stream: Readable) {
    this.#iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** At most so many bytes; fewer only at the end. */
  async take(length: number): Promise<Buffer> {
    const taken: Buffer[] = [];
    for await (const piece of this.#upTo(length)) taken.push(piece);
    return Buffer.concat(taken);
  }

  async skip(length: number): Promise<void> {
    for await (const _ of this.#upTo(length));
  }

  stream(length: number): Readable {
    return Readable.from(this.#whole(length));
  }

  async *#whole(length: number): AsyncGenerator<Buffer> {
    let seen = 0;
    for await (const piece of this.#upTo(length)) {
      seen += piece.length;
      yield piece;
    }
    if (seen < length) throw new Error("The archive is cut off");
  }

  async *#upTo(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (this.#left.length === 0) {
        const { value, done } = await this.#iterator.next();
        if (done === true) return;
        this.#left = value;
      }
      const piece = this.#left.subarray(0, left);
      this.#left = this.#left.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
}

import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PinokioError } from "../protocol/errors.js";
import { bodyPieces } from "./body-pieces.js";
import { explainFileError } from "./file-errors.js";
import { makeFolder } from "./make-folder.js";

export interface DownloadRequest {
  url: string;
  /** The file itself, or the folder it goes to under the name that its server gives it. */
  to: { path: string } | { folder: string };
  headers?: Record<string, string>;
  /** What the file must come to, in hexadecimal digits. */
  sha256?: string | undefined;
  signal: AbortSignal;
  /** Called after each piece; `total` is null when the server does not say. */
  onProgress?: (bytes: number, total: number | null) => void;
  /** Called before it waits and tries again. */
  onRetry?: (why: string, waitMs: number) => void;
  retries?: number;
  firstWaitMs?: number;
  /** How long nothing may arrive. */
  stallMs?: number;
  /** Throws when an address must not be asked. */
  checkAddress?: (url: string) => Promise<void>;
}

export interface Download {
  path: string;
  bytes: number;
  sha256: string;
}

const RETRIES = 10;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 512_000;
const STALL_MS = 60_000;
const MOST_REDIRECTS = 20;

/**
 * Loads a file. What is there in part is completed where the server allows it, what is there whole is kept, and a
 * name never holds anything but a whole file: the part lies beside it with `.part` at its end.
 */
export async function download(request: DownloadRequest): Promise<Download> {
  const { retries = RETRIES, firstWaitMs = FIRST_WAIT_MS } = request;
  checkUrl(request.url);
  for (let attempt = 0; ; attempt++) {
    try {
      return await once(request);
    } catch (error) {
      request.signal.throwIfAborted();
      if (error instanceof PinokioError || attempt >= retries) throw failed(request.url, error, attempt);
      const waitMs = Math.min(firstWaitMs * 2 ** attempt, LONGEST_WAIT_MS);
      request.onRetry?.(reasonOf(error), waitMs);
      await delay(waitMs, undefined, { signal: request.signal });
    }
  }
}

function checkUrl(url: string): void {
  let protocol: string;
  try {
    ({ protocol } = new URL(url));
  } catch {
    throw new PinokioError("script-invalid", `${JSON.stringify(url)} is no address`, {
      hint: "Write the whole address, beginning with https://",
    });
  }
  if (protocol !== "http:" && protocol !== "https:") {
    throw new PinokioError("script-invalid", `${url} cannot be downloaded: only http and https can`);
  }
}

function failed(url: string, error: unknown, attempts: number): unknown {
  if (error instanceof PinokioError) return error;
  const times = attempts === 0 ? "" : ` after ${attempts + 1} tries`;
  return new PinokioError("step-failed", `${url} could not be downloaded${times}: ${reasonOf(error)}`, {
    hint: "Check the address and the network, then run the script again; what has arrived is kept",
    cause: error,
  });
}

/** `fetch` hides the reason in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

async function once(request: DownloadRequest): Promise<Download> {
  const stall = new Stall(request.stallMs ?? STALL_MS, request.signal);
  try {
    let response = await ask(request, stall, {});
    const path = "path" in request.to ? request.to.path : join(request.to.folder, nameFor(response));
    makeFolder(dirname(path));
    const total = lengthOf(response);
    const part = `${path}.part`;
    const found = foundSoFar(path, part, response, total);
    if (
      found === "whole" &&
      (request.sha256 === undefined || (await sha256Of(path)) === request.sha256.toLowerCase())
    ) {
      await response.body?.cancel();
      return { path, bytes: sizeOf(path), sha256: await sha256Of(path) };
    }
    const from = typeof found === "number" ? found : 0;
    if (from > 0) {
      await response.body?.cancel();
      const validator = response.headers.get("etag");
      const strong = validator !== null && !validator.startsWith("W/") ? { "if-range": validator } : {};
      response = await ask(request, stall, { range: `bytes=${from}-`, ...strong });
    }
    const continues = from > 0 && response.status === 206;
    await receive(response, { part, from: continues ? from : 0, total }, request, stall);
    return await complete(part, path, total, request);
  } catch (error) {
    throw stall.signal.aborted && !request.signal.aborted ? stall.signal.reason : error;
  } finally {
    stall.end();
  }
}

async function ask(request: DownloadRequest, stall: Stall, more: Record<string, string>): Promise<Response> {
  let { url } = request;
  for (let redirect = 0; redirect <= MOST_REDIRECTS; redirect++) {
    await request.checkAddress?.(url);
    // A compressed answer has neither a known length nor places to go on from.
    const sameHost = new URL(url).host === new URL(request.url).host;
    const headers = { "accept-encoding": "identity", ...(sameHost ? request.headers : {}), ...more };
    const response = await fetch(url, { headers, redirect: "manual", signal: stall.signal });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      url = new URL(location, url).href;
      continue;
    }
    if (response.ok) return Object.defineProperty(response, "finalUrl", { value: url });
    await response.body?.cancel();
    const why = `the server answered ${response.status} ${response.statusText}`.trim();
    if (response.status >= 500 || [408, 425, 429].includes(response.status)) throw new Error(why);
    throw new PinokioError("step-failed", `${url} could not be downloaded: ${why}`, {
      hint: [401, 403].includes(response.status)
        ? "The file may need a login or an agreement on its web page"
        : "Check the address",
    });
  }
  throw new PinokioError("step-failed", `${request.url} could not be downloaded: it leads from address to address`);
}

interface PartNote {
  etag: string | null;
  total: number | null;
}

/** How many bytes are there already, or that all are. */
function foundSoFar(path: string, part: string, response: Response, total: number | null): "whole" | number {
  if (existsSync(path) && statSync(path).isFile() && total !== null) {
    const size = sizeOf(path);
    if (size === total) return "whole";
    // Another program may have begun it; what is longer than the file can be is something else.
    if (size > 0 && size < total && !existsSync(part)) {
      renameSync(path, part);
      writeNote(part, { etag: response.headers.get("etag"), total });
    }
  }
  const note = readNote(part);
  const isSame = note !== null && note.etag === response.headers.get("etag") && note.total === total;
  if (isSame && total !== null && existsSync(part) && sizeOf(part) < total) return sizeOf(part);
  rmSync(part, { force: true });
  writeNote(part, { etag: response.headers.get("etag"), total });
  return 0;
}

const noteFile = (part: string): string => `${part}.json`;

function readNote(part: string): PartNote | null {
  try {
    return JSON.parse(readFileSync(noteFile(part), "utf8")) as PartNote;
  } catch {
    return null;
  }
}

function writeNote(part: string, note: PartNote): void {
  try {
    writeFileSync(noteFile(part), JSON.stringify(note));
  } catch (error) {
    throw explainFileError(error, part);
  }
}

async function receive(
  response: Response,
  { part, from, total }: { part: string; from: number; total: number | null },
  { onProgress }: DownloadRequest,
  stall: Stall,
): Promise<void> {
  if (total !== null) checkSpace(part, total - from);
  const file = await open(part, from > 0 ? "a" : "w");
  let bytes = from;
  try {
    onProgress?.(bytes, total);
    for await (const piece of bodyPieces(response)) {
      stall.heard();
      await file.writeFile(piece);
      bytes += piece.length;
      onProgress?.(bytes, total);
    }
    await file.sync();
  } catch (error) {
    throw explainFileError(error, part);
  } finally {
    await file.close();
  }
}

function checkSpace(part: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(dirname(part));
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new PinokioError("out-of-space", `${part} needs ${inGigabytes(bytes)}, and ${inGigabytes(free)} are free`, {
    hint: "Free some space on that disk, then try again; what has arrived is kept",
  });
}

const inGigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

async function complete(
  part: string,
  path: string,
  total: number | null,
  { url, sha256: wanted }: DownloadRequest,
): Promise<Download> {
  const bytes = sizeOf(part);
  if (total !== null && bytes < total) throw new Error(`the connection ended after ${bytes} of ${total} bytes`);
  const sha256 = await sha256Of(part);
  if (total !== null && bytes > total) {
    discard(part);
    throw new Error(`${bytes} bytes arrived instead of ${total}`);
  }
  if (wanted !== undefined && sha256 !== wanted.toLowerCase()) {
    discard(part);
    throw new PinokioError("step-failed", `${url} is not the file that the script means: its SHA-256 is ${sha256}`, {
      hint: `The script expects ${wanted}`,
    });
  }
  renameSync(part, path);
  rmSync(noteFile(part), { force: true });
  return { path, bytes, sha256 };
}

function discard(part: string): void {
  rmSync(part, { force: true });
  rmSync(noteFile(part), { force: true });
}

const sizeOf = (path: string): number => statSync(path).size;

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}

function lengthOf(response: Response): number | null {
  const length = response.headers.get("content-length");
  return length === null || !/^\d+$/.test(length) ? null : Number(length);
}

/** The name its server gives a file, or the end of its address; never more than a name. */
function nameFor(response: Response & { finalUrl?: string }): string {
  const given = nameInHeader(response.headers.get("content-disposition") ?? "");
  const { pathname } = new URL(response.finalUrl ?? response.url);
  const name = safeName(given ?? decode(pathname.split("/").pop() ?? ""));
  return name === "" ? "download" : name;
}

export function nameInHeader(header: string): string | null {
  const encoded = /filename\*\s*=\s*[\w-]*'[^']*'([^;]+)/i.exec(header)?.[1];
  if (encoded !== undefined) return decode(encoded.trim());
  const [, quoted, bare] = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))/i.exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, "$1") ?? bare?.trim() ?? null;
}

function safeName(name: string): string {
  const last = basename(name.replaceAll("\\", "/")).replace(/[\0-\x1f\x7f]/g, "");
  return last === "." || last === ".." ? "" : last;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Gives up when nothing arrives for a while, or when the run is asked to stop. */
class Stall {
  readonly #controller = new AbortController();
  readonly #limitMs: number;
  readonly signal: AbortSignal;
  #timer: NodeJS.Timeout;

  constructor(limitMs: number, outer: AbortSignal) {
    this.#limitMs = limitMs;
    this.signal = AbortSignal.any([this.#controller.signal, outer]);
    this.#timer = this.#start();
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #start(): NodeJS.Timeout {
    const why = `nothing arrived for ${Math.round(this.#limitMs / 1000)} s`;
    return setTimeout(() => this.#controller.abort(new Error(why)), this.#limitMs);
  }
}

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import * as z from "zod";
import { writeJsonAtomic } from "../base/atomic-file.js";
import type { ModelFile } from "./model-file.js";

type Content = Pick<ModelFile, "path" | "size" | "version">;

const SAMPLE = 64 * 1024;
const PIECE = 4 * 1024 ** 2;
const MOST_KNOWN = 5_000;

/** By a file's version: the digest of all of it. */
const Digests = z.record(z.string(), z.string());

/** What tells contents apart: samples of them, and digests of all of them, which are kept since they take minutes. */
export class Fingerprints {
  readonly #file: string;
  readonly #samples = new Map<string, string>();
  readonly #digests: Map<string, string>;

  /** `file` is where digests are kept; it holds nothing that cannot be found out again. */
  constructor(file: string) {
    this.#file = file;
    this.#digests = new Map(Object.entries(readDigests(file)));
  }

  /** Of the beginning, the middle and the end. Null when it cannot be read. */
  async sample(content: Content): Promise<string | null> {
    const known = this.#samples.get(content.version);
    if (known !== undefined) return known;
    const sample = await sampleOf(content).catch(() => null);
    if (sample !== null) keep(this.#samples, content.version, sample);
    return sample;
  }

  /** Of all of it, when that is known. */
  digest({ version }: Content): string | null {
    return this.#digests.get(version) ?? null;
  }

  /** Reads all of it. `onBytes` hears how much more was read. */
  async read(content: Content, signal: AbortSignal, onBytes: (more: number) => void): Promise<void> {
    const file = await open(content.path, "r");
    try {
      const hash = createHash("sha256");
      const piece = Buffer.allocUnsafe(PIECE);
      for (let { bytesRead } = await file.read(piece); bytesRead > 0; { bytesRead } = await file.read(piece)) {
        signal.throwIfAborted();
        hash.update(piece.subarray(0, bytesRead));
        onBytes(bytesRead);
      }
      keep(this.#digests, content.version, hash.digest("hex"));
    } finally {
      await file.close();
    }
  }

  save(): void {
    try {
      writeJsonAtomic(this.#file, Object.fromEntries(this.#digests));
    } catch {
      // it is found out again when it is wanted
    }
  }
}

function keep(known: Map<string, string>, version: string, digest: string): void {
  known.delete(version);
  known.set(version, digest);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
}

async function sampleOf({ path, size }: Content): Promise<string> {
  const file = await open(path, "r");
  try {
    const hash = createHash("sha256").update(`${size} `);
    const piece = Buffer.allocUnsafe(SAMPLE);
    for (const at of new Set([0, Math.floor(size / 2), Math.max(0, size - SAMPLE)])) {
      const { bytesRead } = await file.read(piece, 0, SAMPLE, at);
      hash.update(piece.subarray(0, bytesRead));
    }
    return hash.digest("hex").slice(0, 32);
  } finally {
    await file.close();
  }
}

function readDigests(file: string): Record<string, string> {
  try {
    return Digests.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

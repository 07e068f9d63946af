import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import { signal } from "../base/processes.js";

export interface GpuUse {
  gpus: { name: string; busy: number | null; memoryBytes: number; totalBytes: number }[];
  /** Memory by process, as far as the driver tells; it tells nothing in most containers. */
  byProcess: ReadonlyMap<number, number>;
}

const MIB = 1024 * 1024;
const LIMIT_MS = 5_000;
const NO_GPU: GpuUse = { gpus: [], byProcess: new Map() };

const CARDS = "--query-gpu=name,utilization.gpu,memory.used,memory.total";
const PROCESSES = "--query-compute-apps=pid,used_gpu_memory";
const FORMAT = "--format=csv,noheader,nounits";

/**
 * What NVIDIA's tool says. Starting it takes up to a second, so while somebody looks one of it stays and repeats
 * itself; when nobody has asked for a while it is ended.
 */
export class GpuWatch {
  readonly #tool: string | null;
  readonly #idleMs: number;
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | null = null;
  #latest: GpuUse = NO_GPU;
  #first: Promise<void> | null = null;

  /** `tool` is the path of nvidia-smi; null where there is none, and nothing is ever started. */
  constructor(tool: string | null, { idleMs = 15_000 } = {}) {
    this.#tool = tool;
    this.#idleMs = idleMs;
  }

  async use(): Promise<GpuUse> {
    if (this.#tool === null) return NO_GPU;
    this.#first ??= this.#begin(this.#tool);
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), this.#idleMs);
    this.#idle.unref();
    await this.#first;
    return this.#latest;
  }

  close(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#child?.pid !== undefined) signal(-this.#child.pid, "SIGKILL"); // and what it waits for
    this.#child = null;
    this.#first = null;
  }

  async #begin(tool: string): Promise<void> {
    const ask = async (query: string): Promise<string> => {
      const { stdout } = await promisify(execFile)(tool, [query, FORMAT], { timeout: LIMIT_MS });
      return stdout;
    };
    try {
      const [cards, processes] = await Promise.all([ask(CARDS), ask(PROCESSES).catch(() => "")]);
      this.#latest = { gpus: parseCards(cards), byProcess: parseProcesses(processes) };
      this.#follow(tool);
    } catch {
      this.#latest = NO_GPU; // it is there and fails: asked again when somebody looks after a pause
    }
  }

  /** Cards and processes in turn. */
  #follow(tool: string): void {
    const script = `while :; do "$0" ${CARDS} ${FORMAT}; echo --; "$0" ${PROCESSES} ${FORMAT}; echo --; sleep 2; done`;
    const child = spawn("/bin/sh", ["-c", script, tool], { stdio: ["ignore", "pipe", "ignore"], detached: true });
    let held = "";
    let cards: GpuUse["gpus"] | null = null;
    child.on("error", () => undefined);
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      const blocks = (held + text).split("--\n");
      held = blocks.pop() ?? "";
      for (const block of blocks) {
        if (cards === null) cards = parseCards(block);
        else {
          this.#latest = { gpus: cards, byProcess: parseProcesses(block) };
          cards = null;
        }
      }
    });
    child.unref();
    this.#child = child;
  }
}

export function parseCards(text: string): GpuUse["gpus"] {
  return rows(text, 4).map(([name = "", busy, used, total]) => ({
    name,
    busy: Number.isFinite(Number(busy)) ? Number(busy) / 100 : null,
    memoryBytes: (Number(used) || 0) * MIB,
    totalBytes: (Number(total) || 0) * MIB,
  }));
}

export function parseProcesses(text: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const [pid, used] of rows(text, 2)) {
    const bytes = Number(used) * MIB;
    if (Number.isInteger(Number(pid)) && Number.isFinite(bytes)) {
      found.set(Number(pid), (found.get(Number(pid)) ?? 0) + bytes);
    }
  }
  return found;
}

const rows = (text: string, columns: number): string[][] =>
  text
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length === columns);

import { type ChildProcess, spawn } from "node:child_process";
import {
  askNvidia,
  CARDS,
  FORMAT,
  type GpuCard,
  parseCards,
  parseProcesses,
  parseWork,
  PROCESSES,
  WORK,
} from "../base/nvidia-smi.js";
import { signal } from "../base/processes.js";

export interface GpuUse {
  gpus: GpuCard[];
  /** Memory by process, as far as the driver tells; in most containers it tells nothing that fits. */
  byProcess: ReadonlyMap<number, number>;
  /** How busy processes keep the cards, likewise; a card's whole time is 1. */
  workByProcess?: ReadonlyMap<number, number>;
}

const LIMIT_MS = 5_000;
const NO_GPU: GpuUse = { gpus: [], byProcess: new Map() };

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
    const ask = (query: string): Promise<string> => askNvidia(tool, query, LIMIT_MS);
    try {
      const [cards, processes] = await Promise.all([ask(CARDS), ask(PROCESSES).catch(() => "")]);
      this.#latest = { gpus: parseCards(cards), byProcess: parseProcesses(processes) };
      this.#follow(tool);
    } catch {
      this.#latest = NO_GPU; // it is there and fails: asked again when somebody looks after a pause
    }
  }

  /** Cards, memory of processes and their work in turn; for the last of them the tool looks for a second. */
  #follow(tool: string): void {
    const asked = [`${CARDS} ${FORMAT}`, `${PROCESSES} ${FORMAT}`, WORK];
    const script = `while :; do ${asked.map((words) => `"$0" ${words}; echo --;`).join(" ")} sleep 1; done`;
    const child = spawn("/bin/sh", ["-c", script, tool], { stdio: ["ignore", "pipe", "ignore"], detached: true });
    let held = "";
    let answers: string[] = [];
    child.on("error", () => undefined);
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      const blocks = (held + text).split("--\n");
      held = blocks.pop() ?? "";
      for (const block of blocks) {
        answers.push(block);
        if (answers.length < asked.length) continue;
        const [cards = "", processes = "", work = ""] = answers;
        answers = [];
        const told = { byProcess: parseProcesses(processes), workByProcess: parseWork(work) };
        this.#latest = { gpus: parseCards(cards), ...told };
      }
    });
    child.unref();
    this.#child = child;
  }
}

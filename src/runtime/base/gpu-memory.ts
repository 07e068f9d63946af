import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { RunId } from "../protocol/ids.js";
import type { GpuEnding, GpuHolder } from "../protocol/runs.js";
import { findProgram } from "./find-program.js";
import { gpuProcess, type GpuProcess, gpuProcesses, hasGpuOpen } from "./gpu-processes.js";
import { askNvidia, CARDS, NVIDIA_TOOL, parseCards, parseProcesses, PROCESSES } from "./nvidia-smi.js";

export interface GpuMemoryWorld {
  /** The folder that holds the folders of all runs, where those that hold memory are looked up. */
  runs: string;
  warn(message: string): void;
  path?: string;
  /** How long the driver gets. */
  waitMs?: number;
}

/** GPU memory of processes that are about to be ended. */
export interface GpuMemory {
  /** Once they are gone: what came back, waiting a little for the driver. Null when nobody could tell. */
  givenBack(): Promise<GpuEnding | null>;
}

interface Look {
  totalBytes: number;
  byProcess: ReadonlyMap<number, number>;
}

const LOOK_MS = 1_500;
const WAIT_MS = 2_000;
const PAUSE_MS = 100;

const MIB = 1024 * 1024;
/** The least program that computes on a card takes more. */
const LEAST_BYTES = 32 * MIB;
/** Of a card that does not say whose its memory is, this much may be the driver's and the screen's. */
const SYSTEM_BYTES = 512 * MIB;

const SILENT = `Whether GPU memory was given back is not known: ${NVIDIA_TOOL} gave no answer`;

/** Null where none of them has an NVIDIA card open; no program is started then. */
export async function gpuMemoryOf(pids: readonly number[], world: GpuMemoryWorld): Promise<GpuMemory | null> {
  const tool = findProgram(NVIDIA_TOOL, world.path ?? process.env["PATH"]);
  if (tool === null) return null;
  const users = pids.filter((pid) => hasGpuOpen(pid) !== false);
  if (users.length === 0) return null;
  const before = await look(tool, LOOK_MS);
  if (before === null) {
    world.warn(SILENT);
    return null;
  }
  const told = users.filter((pid) => before.byProcess.has(pid));
  if (told.length === 0 && before.totalBytes < LEAST_BYTES) return null;
  const check = told.length > 0 ? byProcess(told, before, world.runs) : byTotals(before, world.runs);
  return {
    givenBack: async () => {
      const after = await lookUntil(tool, world.waitMs ?? WAIT_MS, check.isSettled);
      if (after === null) world.warn(SILENT);
      return after === null ? null : check.tell(after);
    },
  };
}

interface Check {
  isSettled(look: Look): boolean;
  tell(after: Look): GpuEnding;
}

function byProcess(told: readonly number[], before: Look, runs: string): Check {
  const own = ({ byProcess: bytes }: Look): number => sum(told.map((pid) => bytes.get(pid) ?? 0));
  return {
    isSettled: (now) => own(now) === 0,
    tell: (after) => ({
      freedBytes: Math.max(0, own(before) - own(after)),
      isEstimate: false,
      heldBytes: sum([...after.byProcess.values()]),
      holders: holdersOf(
        [...after.byProcess].map(([pid, bytes]) => ({ ...gpuProcess(pid), bytes })),
        runs,
      ),
    }),
  };
}

/** In containers the driver tells other numbers, or none. */
function byTotals(before: Look, runs: string): Check {
  let last = before.totalBytes;
  return {
    isSettled: ({ totalBytes }) => {
      const isStill = totalBytes >= last;
      last = totalBytes;
      return isStill && before.totalBytes - totalBytes >= LEAST_BYTES;
    },
    tell: ({ totalBytes }) => {
      const freed = before.totalBytes - totalBytes;
      const isHeld = totalBytes >= SYSTEM_BYTES;
      const holders = isHeld ? gpuProcesses().map((found) => ({ ...found, bytes: null })) : [];
      return {
        freedBytes: freed >= LEAST_BYTES ? freed : 0,
        isEstimate: true,
        heldBytes: isHeld ? totalBytes : 0,
        holders: holdersOf(holders, runs),
      };
    },
  };
}

/** As much of `run.json` as any version of it has. */
const Named = z.object({ run: z.object({ script: z.string() }) });

/** All processes of a run are one holder. */
function holdersOf(processes: readonly (GpuProcess & { bytes: number | null })[], runs: string): GpuHolder[] {
  const holders: GpuHolder[] = [];
  for (const { pid, program, run, bytes } of processes) {
    const known = run === null ? undefined : holders.find((holder) => holder.run === run);
    if (known === undefined) {
      const script = run === null ? null : scriptOf(run, runs);
      holders.push({ pid, name: script ?? program, run: script === null ? null : run, bytes });
    } else if (known.bytes !== null) known.bytes += bytes ?? 0;
  }
  return holders;
}

function scriptOf(run: RunId, runs: string): string | null {
  try {
    return Named.parse(JSON.parse(readFileSync(join(runs, run, "run.json"), "utf8"))).run.script;
  } catch {
    return null; // a run of another home, or one that is gone
  }
}

async function lookUntil(tool: string, waitMs: number, isSettled: (look: Look) => boolean): Promise<Look | null> {
  const end = performance.now() + waitMs;
  let latest: Look | null = null;
  for (let limitMs = LOOK_MS; limitMs > 0; limitMs = end - performance.now()) {
    const now = await look(tool, limitMs);
    if (now === null) return latest;
    latest = now;
    if (isSettled(now)) return now;
    await delay(PAUSE_MS);
  }
  return latest;
}

async function look(tool: string, limitMs: number): Promise<Look | null> {
  try {
    const [cards, processes] = await Promise.all([
      askNvidia(tool, CARDS, limitMs),
      askNvidia(tool, PROCESSES, limitMs),
    ]);
    return { totalBytes: sum(parseCards(cards).map((card) => card.memoryBytes)), byProcess: parseProcesses(processes) };
  } catch {
    return null;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

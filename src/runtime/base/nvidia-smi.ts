import { execFile } from "node:child_process";

export interface GpuCard {
  name: string;
  /** Share of its time, 0 to 1. */
  busy: number | null;
  memoryBytes: number;
  totalBytes: number;
}

export const NVIDIA_TOOL = "nvidia-smi";

export const CARDS = "--query-gpu=name,utilization.gpu,memory.used,memory.total";
export const PROCESSES = "--query-compute-apps=pid,used_gpu_memory";
export const FORMAT = "--format=csv,noheader,nounits";
/** One look at who keeps the cards busy: a table for people, since no query tells it. */
export const WORK = "pmon -c 1 -s u";

const MIB = 1024 * 1024;

/** Rejects when it fails or takes longer; with a driver that hangs it cannot even be killed, and is left behind. */
export function askNvidia(tool: string, query: string, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${NVIDIA_TOOL} did not answer within ${limitMs} ms`));
    }, limitMs);
    const child = execFile(tool, [query, FORMAT], (error, stdout) => {
      clearTimeout(timer);
      if (error === null) resolve(stdout);
      else reject(error);
    });
  });
}

export function parseCards(text: string): GpuCard[] {
  return rows(text, 4).map(([name = "", busy, used, total]) => ({
    name,
    busy: Number.isFinite(Number(busy)) ? Number(busy) / 100 : null,
    memoryBytes: (Number(used) || 0) * MIB,
    totalBytes: (Number(total) || 0) * MIB,
  }));
}

/** Memory by process, as far as it is told. In a container these may be numbers of processes outside of it. */
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

/** How busy each process keeps the cards, 1 for all of one; without those of cards that do not tell. */
export function parseWork(text: string): Map<number, number> {
  const [names = [], ...lines] = text.split("\n").map((line) => line.trim().replace(/^#\s*/, "").split(/\s+/));
  const [card, pid, busy] = ["gpu", "pid", "sm"].map((name) => names.indexOf(name));
  if (card === undefined || pid === undefined || busy === undefined || Math.min(card, pid, busy) < 0) return new Map();
  const told = lines.filter((fields) => /^\d+$/.test(fields[card] ?? "") && /^\d+$/.test(fields[pid] ?? ""));
  // A process that did nothing has a dash, and on a card that cannot tell all have.
  const telling = new Set(told.flatMap((fields) => (/^\d+$/.test(fields[busy] ?? "") ? [fields[card]] : [])));
  const found = new Map<number, number>();
  for (const fields of told) {
    if (!telling.has(fields[card])) continue;
    const id = Number(fields[pid]);
    found.set(id, (found.get(id) ?? 0) + (Number(fields[busy]) || 0) / 100);
  }
  return found;
}

const rows = (text: string, columns: number): string[][] =>
  text
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length === columns);

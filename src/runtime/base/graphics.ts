import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { Graphics } from "../protocol/machine.js";
import { readState, writeJsonAtomic } from "./atomic-file.js";
import { findProgram } from "./find-program.js";
import { namesIn } from "./names-in.js";
import { bootId } from "./processes.js";

const Known = z.object({ bootId: z.string(), graphics: Graphics });

const ASK_MS = 3_000;

const NONE: Graphics = { gpu: "none", gpus: [], gpu_driver: null, gpu_target: null, vram: 0 };

/** Asking a driver's tool takes a second, so the answer is kept until the machine starts again. */
export function graphicsOf(home: string): Graphics {
  const known = withoutAsking(home);
  if (known !== null) return known;
  try {
    return keep(home, execFileSync(TOOL, QUERY, { ...LIMITS, stdio: ["ignore", "pipe", "ignore"] }));
  } catch {
    return silent();
  }
}

/** The same for a process that has other things to do meanwhile. */
export async function graphicsLater(home: string): Promise<Graphics> {
  const known = withoutAsking(home);
  if (known !== null) return known;
  try {
    return keep(home, (await promisify(execFile)(TOOL, QUERY, LIMITS)).stdout);
  } catch {
    return silent();
  }
}

const TOOL = "nvidia-smi";
const QUERY = ["--query-gpu=name,memory.total,driver_version,compute_cap", "--format=csv,noheader,nounits"];
const LIMITS = { timeout: ASK_MS, encoding: "utf8" } as const;

const hasDriver = (): boolean => existsSync("/proc/driver/nvidia/version");

/** Null when NVIDIA's tool has to be asked. */
function withoutAsking(home: string): Graphics | null {
  if (hasDriver() || findProgram(TOOL, process.env["PATH"]) !== null) return remembered(home);
  return amdOrNone();
}

const amdOrNone = (): Graphics => (existsSync("/dev/kfd") ? amdGraphics("/sys/class") : NONE);

/** The tool is not there or fails: with its driver there is a card all the same. */
const silent = (): Graphics => (hasDriver() ? { ...NONE, gpu: "nvidia" } : amdOrNone());

const cacheOf = (home: string): string => join(home, "cache", "graphics.json");

function remembered(home: string): Graphics | null {
  try {
    const found = readState(cacheOf(home), Known);
    return found.kind === "read" && found.value.bootId === bootId() ? found.value.graphics : null;
  } catch {
    return null; // unreadable: it is asked again
  }
}

function keep(home: string, said: string): Graphics {
  const graphics = nvidiaGraphics(said);
  if (graphics.gpus.length === 0) return silent();
  try {
    writeJsonAtomic(cacheOf(home), { bootId: bootId(), graphics });
  } catch {
    // a full disk: it is asked again next time
  }
  return graphics;
}

/** Reads what nvidia-smi says; the first card counts. */
export function nvidiaGraphics(text: string): Graphics {
  const cards = text
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length >= 3 && fields[0] !== "");
  const [first] = cards;
  if (first === undefined) return { ...NONE, gpu: "nvidia" };
  const [name = "", memory = "", driver = "", capability = ""] = first;
  return {
    gpu: "nvidia",
    gpus: cards.map(([model = "", , version = ""]) => ({ name: "nvidia", model, driver: version || null })),
    gpu_model: name.toLowerCase(),
    gpu_driver: driver || null,
    gpu_target: /^\d+\.\d+$/.test(capability) ? `sm_${capability.replace(".", "")}` : null,
    vram: Number.isFinite(Number(memory)) ? Math.round(Number(memory) / 1024) : 0,
  };
}

/** What the kernel's driver says of AMD cards; the one with most memory counts. */
export function amdGraphics(classes: string): Graphics {
  const cards = namesIn(join(classes, "drm"))
    .filter((name) => /^card\d+$/.test(name))
    .map((name) => Number(read(join(classes, "drm", name, "device", "mem_info_vram_total"))))
    .filter((bytes) => bytes > 0);
  const targets = namesIn(join(classes, "kfd", "kfd", "topology", "nodes"))
    .map((node) => read(join(classes, "kfd", "kfd", "topology", "nodes", node, "properties")))
    .map((text) => Number(/^gfx_target_version (\d+)$/m.exec(text)?.[1] ?? 0))
    .filter((version) => version > 0);
  return {
    ...NONE,
    gpu: "amd",
    gpus: cards.map(() => ({ name: "amd", model: "AMD Radeon", driver: null })),
    gpu_target: targets[0] === undefined ? null : gfxName(targets[0]),
    vram: Math.round(Math.max(0, ...cards) / 1024 ** 3),
  };
}

/** 110000 is gfx1100, 90010 is gfx90a. */
function gfxName(version: number): string {
  const [major, minor, step] = [Math.floor(version / 10_000), Math.floor(version / 100) % 100, version % 100];
  return `gfx${major}${minor.toString(16)}${step.toString(16)}`;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

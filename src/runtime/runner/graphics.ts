import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readState, writeJsonAtomic } from "../base/atomic-file.js";
import { bootId } from "../base/processes.js";

/** The graphics card that scripts decide by, in their names for it. */
export const Graphics = z.object({
  gpu: z.string(),
  gpus: z.array(z.object({ name: z.string(), model: z.string(), driver: z.string().nullable() })),
  gpu_model: z.string().optional(),
  gpu_driver: z.string().nullable(),
  gpu_target: z.string().nullable(),
  vram: z.number(),
});
export type Graphics = z.output<typeof Graphics>;

const Known = z.object({ bootId: z.string(), graphics: Graphics });

const ASK_MS = 3_000;

const NONE: Graphics = { gpu: "none", gpus: [], gpu_driver: null, gpu_target: null, vram: 0 };

/** Asking a driver's tool takes a second, so the answer is kept until the machine starts again. */
export function graphicsOf(home: string): Graphics {
  if (existsSync("/proc/driver/nvidia/version")) return remembered(home, askNvidia);
  return existsSync("/dev/kfd") ? amdGraphics("/sys/class") : NONE;
}

function remembered(home: string, ask: () => Graphics): Graphics {
  const file = join(home, "cache", "graphics.json");
  const boot = bootId();
  try {
    const found = readState(file, Known);
    if (found.kind === "read" && found.value.bootId === boot) return found.value.graphics;
  } catch {
    // unreadable: it is asked again
  }
  const graphics = ask();
  try {
    if (graphics.gpus.length > 0) writeJsonAtomic(file, { bootId: boot, graphics });
  } catch {
    // a full disk: it is asked again next time
  }
  return graphics;
}

function askNvidia(): Graphics {
  const query = "--query-gpu=name,memory.total,driver_version,compute_cap";
  try {
    const args = [query, "--format=csv,noheader,nounits"];
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    return nvidiaGraphics(execFileSync("nvidia-smi", args, { timeout: ASK_MS, encoding: "utf8", stdio }));
  } catch {
    return { ...NONE, gpu: "nvidia" }; // the driver is there, its tool is not
  }
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
  const cards = list(join(classes, "drm"))
    .filter((name) => /^card\d+$/.test(name))
    .map((name) => Number(read(join(classes, "drm", name, "device", "mem_info_vram_total"))))
    .filter((bytes) => bytes > 0);
  const targets = list(join(classes, "kfd", "kfd", "topology", "nodes"))
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

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

import { execFile } from "node:child_process";
import { arch, cpus, release, totalmem, type } from "node:os";
import type { Machine } from "../protocol/machine.js";
import type { Platform } from "./platform.js";
import { theseSurroundings } from "./surroundings.js";

const ASK_MS = 5_000;
const MIB = 1024 * 1024;

/** What this machine is. Starts programs, so it is asked for only when somebody looks. */
export async function machineFacts(platform: Platform, disk: Machine["disk"]): Promise<Machine> {
  const [gpus, python, os] = await Promise.all([graphics(), pythonVersion(), systemName()]);
  const [cpu] = cpus();
  return {
    platform: platform.name,
    platformLabel: platform.label,
    keeps: platform.keeps,
    rules: (platform.rules ?? []).map(({ asOf = null, ...rule }) => ({ ...rule, asOf })),
    policy: platform.policy ?? null,
    vault: platform.vault?.(theseSurroundings()) ?? null,
    os,
    arch: arch(),
    cpu: cpu?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    gpus,
    python,
    disk,
  };
}

/** NVIDIA's own tool knows memory and driver best; anything else is left to systeminformation. */
async function graphics(): Promise<Machine["gpus"]> {
  const nvidia = await ask("nvidia-smi", [
    "--query-gpu=name,memory.total,driver_version",
    "--format=csv,noheader,nounits",
  ]);
  if (nvidia !== null) return parseNvidiaSmi(nvidia);
  const { graphics: askGraphics } = await import("../base/apart/system-information.js");
  const { controllers } = await askGraphics();
  return controllers
    .filter(({ model }) => model !== "")
    .map(({ vendor, model, vram, driverVersion }) => ({
      name: [vendor, model].filter(Boolean).join(" "),
      memoryBytes: vram === null || vram === 0 ? null : vram * MIB,
      driver: driverVersion ?? null,
    }));
}

export function parseNvidiaSmi(text: string): Machine["gpus"] {
  return text
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .filter((fields) => fields.length === 3)
    .map(([name = "", memory = "", driver = ""]) => ({
      name,
      memoryBytes: Number.isFinite(Number(memory)) ? Number(memory) * MIB : null,
      driver,
    }));
}

async function pythonVersion(): Promise<string | null> {
  const answer = await ask("python3", ["--version"]);
  return answer === null ? null : answer.replace(/^Python\s+/, "").trim();
}

async function systemName(): Promise<string> {
  const { osInfo } = await import("../base/apart/system-information.js");
  const { distro, release: version } = await osInfo();
  return distro === "" ? `${type()} ${release()}` : `${distro} ${version}`.trim();
}

function ask(program: string, args: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { timeout: ASK_MS }, (error, stdout) => {
      resolve(error === null ? stdout : null); // not here, or not answering
    });
    child.stdin?.end();
  });
}

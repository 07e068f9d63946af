import { cpus, freemem, hostname, release, totalmem, type } from "node:os";
import type { Graphics } from "../protocol/machine.js";

/** The machine, in the names that scripts use. */
export interface MachineNames {
  platform: string;
  arch: string;
  /** `nvidia`, `amd`, `apple`, another maker in lower case, or `none`. */
  gpu: string;
  gpus: readonly unknown[];
  gpu_model: string | undefined;
  gpu_driver: string | null;
  gpu_target: string | null;
  /** Whole gigabytes of the chosen graphics card; 0 when unknown. */
  vram: number;
  /** Whole gigabytes. */
  ram: number;
  /** What Pinokio tells of the machine in full; here the parts that are known without looking long. */
  graphics: { controllers: readonly unknown[]; displays: readonly unknown[] };
  cpu: Record<string, unknown>;
  mem: Record<string, number>;
  osInfo: Record<string, unknown>;
  system: Record<string, unknown>;
  shell: string;
  audio: readonly unknown[];
  /** Kept for the launchers that ask for a command to install PyTorch. */
  pip: { install: { torch: string } };
}

const GIGABYTE = 1024 ** 3;

const TORCH_INDEX: Record<string, string> = {
  amd: " --index-url https://download.pytorch.org/whl/rocm6.4",
  none: " --index-url https://download.pytorch.org/whl/cpu",
};

interface Known {
  platform: string;
  arch: string;
  gpu: string;
  /** What is known of the graphics card besides its maker. */
  graphics?: Graphics | undefined;
}

export function machineNames({ platform, arch, gpu: maker, graphics }: Known): MachineNames {
  const gpu = graphics?.gpu ?? maker;
  const index = platform === "linux" ? (TORCH_INDEX[gpu] ?? "") : "";
  return {
    platform,
    arch,
    gpu,
    gpus: graphics?.gpus ?? [],
    gpu_model: graphics?.gpu_model,
    gpu_driver: graphics?.gpu_driver ?? null,
    gpu_target: graphics?.gpu_target ?? null,
    vram: graphics?.vram ?? 0,
    ram: Math.round(totalmem() / GIGABYTE),
    graphics: { controllers: controllersOf(gpu, graphics?.gpus ?? []), displays: [] },
    cpu: { brand: cpus()[0]?.model ?? "", cores: cpus().length, speed: (cpus()[0]?.speed ?? 0) / 1000 },
    mem: { total: totalmem(), free: freemem(), used: totalmem() - freemem(), available: freemem() },
    osInfo: { platform, distro: type(), release: release(), arch, hostname: hostname() },
    system: { manufacturer: "", model: "", virtual: true },
    shell: "bash",
    audio: [],
    pip: { install: { torch: `pip3 install torch torchvision torchaudio${index}` } },
  };
}

/** Makers as drivers name them, which is what scripts look for. */
const VENDORS: Record<string, string> = {
  nvidia: "NVIDIA Corporation",
  amd: "Advanced Micro Devices, Inc. [AMD/ATI]",
  apple: "Apple",
  none: "",
};

/** Scripts read the first controller without asking whether there is one. */
export function controllersOf(
  gpu: string,
  cards: readonly { name: string; model: string }[],
): readonly { vendor: string; model: string }[] {
  const known = cards.length > 0 ? cards : [{ name: gpu, model: "" }];
  return known.map((card) => ({ ...card, vendor: VENDORS[card.name] ?? card.name }));
}

import { totalmem } from "node:os";

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
  /** Kept for the launchers that ask for a command to install PyTorch. */
  pip: { install: { torch: string } };
}

const GIGABYTE = 1024 ** 3;

const TORCH_INDEX: Record<string, string> = {
  amd: " --index-url https://download.pytorch.org/whl/rocm6.4",
  none: " --index-url https://download.pytorch.org/whl/cpu",
};

export function machineNames({ platform, arch, gpu }: { platform: string; arch: string; gpu: string }): MachineNames {
  const index = platform === "linux" ? (TORCH_INDEX[gpu] ?? "") : "";
  return {
    platform,
    arch,
    gpu,
    gpus: [],
    gpu_model: undefined,
    gpu_driver: null,
    gpu_target: null,
    vram: 0,
    ram: Math.round(totalmem() / GIGABYTE),
    pip: { install: { torch: `pip3 install torch torchvision torchaudio${index}` } },
  };
}

import { existsSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { graphicsOf } from "../base/graphics.js";
import { CheckMachine } from "../protocol/check.js";

/** What a person said about the machine; what they left out is taken from this one. */
export interface MachineOptions {
  platform?: CheckMachine["platform"];
  arch?: string;
  gpu?: CheckMachine["gpu"];
  gpuModel?: string;
  vram?: number;
}

export function chosenMachine(home: string, asked: MachineOptions): CheckMachine {
  const here = thisMachine(home);
  const isHere = (asked.platform ?? here.platform) === here.platform && (asked.gpu ?? here.gpu) === here.gpu;
  const chosen = asked.platform ?? here.platform;
  const usual = chosen === "darwin" ? ({ arch: "arm64", gpu: "apple" } as const) : { arch: "x64", gpu: here.gpu };
  const known = isHere ? here : { ...usual, gpuModel: null, vram: null };
  return {
    platform: chosen,
    arch: asked.arch ?? known.arch,
    gpu: asked.gpu ?? known.gpu,
    gpuModel: asked.gpuModel ?? known.gpuModel,
    vram: asked.vram ?? known.vram,
  };
}

function thisMachine(home: string): CheckMachine {
  const system = CheckMachine.shape.platform.safeParse(platform()).data ?? "linux";
  if (system === "darwin") return { platform: system, arch: arch(), gpu: "apple", gpuModel: null, vram: null };
  // What the driver says is remembered in the home; a check makes none.
  const { gpu, gpu_model: model, vram } = graphicsOf(existsSync(home) ? home : tmpdir());
  return {
    platform: system,
    arch: arch(),
    gpu: CheckMachine.shape.gpu.safeParse(gpu).data ?? "none",
    gpuModel: model ?? null,
    vram: vram === 0 ? null : vram,
  };
}

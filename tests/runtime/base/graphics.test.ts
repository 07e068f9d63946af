import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { amdGraphics, nvidiaGraphics } from "../../../src/runtime/base/graphics.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

test("the first card of NVIDIA counts", () => {
  const text = "NVIDIA H100 80GB HBM3, 81559, 550.54.15, 9.0\nTesla T4, 15360, 550.54.15, 7.5\n";
  expect(nvidiaGraphics(text)).toEqual({
    gpu: "nvidia",
    gpus: [
      { name: "nvidia", model: "NVIDIA H100 80GB HBM3", driver: "550.54.15" },
      { name: "nvidia", model: "Tesla T4", driver: "550.54.15" },
    ],
    gpu_model: "nvidia h100 80gb hbm3",
    gpu_driver: "550.54.15",
    gpu_target: "sm_90",
    vram: 80,
  });
});

test("a driver that says nothing is still NVIDIA's", () => {
  expect(nvidiaGraphics("")).toMatchObject({ gpu: "nvidia", gpus: [], vram: 0, gpu_target: null });
  expect(nvidiaGraphics("Card, [N/A], 1, [N/A]\n")).toMatchObject({ vram: 0, gpu_target: null });
});

test.each([
  [110000, "gfx1100"],
  [90010, "gfx90a"],
])("AMD's version %d is %s", (version, name) => {
  using folder = temporaryFolder();
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  };
  put("kfd/kfd/topology/nodes/0/properties", "gfx_target_version 0\n");
  put("kfd/kfd/topology/nodes/1/properties", `simd_count 1\ngfx_target_version ${version}\n`);
  put("drm/card0/device/mem_info_vram_total", `${24 * 1024 ** 3}\n`);
  expect(amdGraphics(folder.path)).toMatchObject({ gpu: "amd", gpu_target: name, vram: 24 });
});

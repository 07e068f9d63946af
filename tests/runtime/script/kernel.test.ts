import { mkdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createInfo, createKernel, type KernelFacts } from "../../../src/runtime/script/kernel.js";
import { machineNames } from "../../../src/runtime/script/machine-names.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

interface Call {
  method: string;
  params: unknown;
}

function factsOf(home: string, calls: Call[] = []): KernelFacts {
  const graphics = {
    gpu: "nvidia",
    gpus: [{ name: "nvidia", model: "NVIDIA L4", driver: "570.1" }],
    gpu_model: "nvidia l4",
    gpu_driver: "570.1",
    gpu_target: "sm_89",
    vram: 22,
  };
  return {
    home,
    machine: machineNames({ platform: "linux", arch: "x64", gpu: "none", graphics }),
    env: () => ({ PATH: "/usr/bin:/bin" }),
    script: () => null,
    scripts: () => [],
    call: (method, params) => {
      calls.push({ method, params });
      return Promise.resolve("done");
    },
  };
}

describe("kernel", () => {
  test("knows the graphics card in full, and what follows from it", () => {
    expect(createKernel(factsOf("/home"))).toMatchObject({
      gpu: "nvidia",
      gpu_model: "nvidia l4",
      gpu_driver: "570.1",
      gpu_target: "sm_89",
      vram: 22,
      gpus: [{ model: "NVIDIA L4" }],
      graphics: { controllers: [{ model: "NVIDIA L4" }] },
      pip: { install: { torch: "pip3 install torch torchvision torchaudio" } },
    });
  });

  test("its functions are methods by another name", async () => {
    const calls: Call[] = [];
    const { shell, bin, wait, exec } = createKernel(factsOf("/home", calls));
    expect(await shell.start({ id: "s" })).toBe("done");
    await shell.enter({ id: "s", message: "x" });
    await shell.write({ id: "s", message: "x" });
    await shell.kill({ id: "s" });
    await bin.exec({ message: "y" });
    await exec({ message: "z" });
    await wait({ resources: ["tcp:1"] });
    expect(calls.map(({ method }) => method)).toEqual([
      "shell.start",
      "shell.enter",
      "shell.write",
      "shell.stop",
      "shell.run",
      "shell.run",
      "process.wait",
    ]);
    expect(calls.at(-1)?.params).toEqual({ on: { resources: ["tcp:1"] } });
  });

  test("a launcher's menu cannot carry anything out", async () => {
    const { call: _, ...facts } = factsOf("/home");
    await expect(createKernel(facts).exec({ message: "x" })).rejects.toThrow("A launcher's menu cannot use shell.run");
  });

  test("links and keys are those of the home", async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "key.json"), '{ "host": ["a", "b"] }');
    const { symlink, kv } = createKernel(factsOf(folder.path));
    await symlink({ from: "key.json", to: "link" });
    expect(readlinkSync(join(folder.path, "link"))).toBe(join(folder.path, "key.json"));
    expect([kv.get("host"), kv.get("host", 1), kv.get("none")]).toEqual(["a", "b", undefined]);
  });
});

test("info finds the Python environments below a folder, and does not look into them", async () => {
  using folder = temporaryFolder();
  for (const path of ["app/env", "app/env/lib/inner", "tools/deep/er/venv", "node_modules/x/env", "a/b/c/d/e"]) {
    mkdirSync(join(folder.path, path), { recursive: true });
    writeFileSync(join(folder.path, path, "pyvenv.cfg"), "");
  }
  const info = createInfo(factsOf("/home"), join(folder.path, "pinokio.js"), folder.path);
  const found = await info.venv();
  expect(found.map((path) => path.slice(folder.path.length + 1))).toEqual(["app/env", "tools/deep/er/venv"]);
  expect(await info.venv("app")).toEqual([join(folder.path, "app/env")]);
  expect(await info.venv("nowhere")).toEqual([]);
});

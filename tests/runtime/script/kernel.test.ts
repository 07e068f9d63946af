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

  test.each([
    ["amd", /advanced micro devices.*amd/i],
    ["nvidia", /^nvidia/i],
    ["apple", /apple/i],
    ["none", /^$/],
  ])("there is always a controller, with its maker's full name: %s", async (gpu, vendor) => {
    const cards = gpu === "none" ? [] : [{ name: gpu, model: "M", driver: null }];
    for (const gpus of [cards, []]) {
      const graphics = { gpu, gpus, gpu_driver: null, gpu_target: null, vram: 0 };
      const machine = machineNames({ platform: "linux", arch: "x64", gpu, graphics });
      const { system } = createKernel({ ...factsOf("/home"), machine });
      const { controllers } = await system.graphics();
      expect(controllers).toMatchObject([{ vendor: expect.stringMatching(vendor), model: gpus[0]?.model ?? "" }]);
    }
  });

  test("loads modules and JSON; what is missing is null, what cannot be read is nothing", async () => {
    using folder = temporaryFolder();
    const put = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
    put("a.json", '{ "a": 1, }');
    put("b.js", "module.exports = class { constructor() { this.b = 2 } }");
    put("c.js", "module.exports = { c: require('./a2.js') }");
    put("a2.js", "module.exports = () => 3");
    put("broken.js", "module.exports = {");
    put("notes.txt", "");
    const { load, require: get, loader } = createKernel(factsOf(folder.path));
    expect(await load(folder.path, "a.json")).toEqual({ a: 1 });
    expect(await get("b.js")).toEqual({ b: 2 });
    expect(((await get("c.js")) as { c(): number }).c()).toBe(3);
    expect(((await get("a2.js")) as () => number)()).toBe(3);
    expect([await load("gone.json"), await load("notes.txt"), await load("broken.js")]).toEqual([
      null,
      null,
      undefined,
    ]);
    const path = join(folder.path, "a.json");
    expect(await loader.load(path)).toEqual({ resolved: { a: 1 }, extension: ".json", dirname: folder.path });
    expect(await loader.load(join(folder.path, "gone.js"))).toEqual({ resolved: null, dirname: folder.path });
  });

  test("code goes on when it says that its shell has told enough", async () => {
    const facts: KernelFacts = {
      ...factsOf("/home"),
      call: (_, __, onData) => {
        onData?.({ raw: "\u001b[32mup at http://127" });
        onData?.({ raw: ".0.0.1:7860\u001b[0m\r\n" });
        return new Promise(() => undefined);
      },
    };
    const { shell } = createKernel(facts);
    const found = await shell.run({ message: "serve" }, { cwd: "/app" }, (stream: { id: string; cleaned: string }) => {
      const address = /http:\S+:\d+/.exec(stream.cleaned);
      if (address !== null) shell.resolve(stream.id, address[0]);
    });
    expect(found).toBe("http://127.0.0.1:7860");
  });

  test("a shell of code is run in its folder, under a name by which it is ended", async () => {
    const calls: Call[] = [];
    const { sh, shell, sysinfo } = createKernel(factsOf("/home", calls));
    const made = sh();
    expect(await made.request({ message: "x", path: "/app" })).toBe("done");
    await made.kill();
    await shell.run({ message: "y" }, { cwd: "/app" });
    expect(calls).toEqual([
      { method: "shell.run", params: { id: made.id, message: "x", path: "/app" } },
      { method: "shell.stop", params: { id: made.id } },
      { method: "shell.run", params: { id: expect.not.stringMatching(made.id), message: "y", cwd: "/app" } },
    ]);
    expect(sysinfo.osInfo["platform"]).toBe("linux");
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

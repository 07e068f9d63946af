import { expect, test } from "@jest/globals";
import type { Surroundings } from "../../../src/runtime/platforms/platform.js";
import { detectPlatform, platforms } from "../../../src/runtime/platforms/index.js";
import { parseNvidiaSmi } from "../../../src/runtime/platforms/machine.js";

const at = (env: Record<string, string>, ...paths: string[]) => ({
  env,
  userHome: "/home/ada",
  exists: (path: string) => paths.includes(path),
});

test.each<[string, Surroundings, string]>([
  ["colab", at({ COLAB_RELEASE_TAG: "release-colab" }, "/content"), "/content/pinokiocloud"],
  ["kaggle", at({ KAGGLE_KERNEL_RUN_TYPE: "Interactive", COLAB_RELEASE_TAG: "x" }), "/kaggle/tmp/pinokiocloud"],
  ["lightning", at({}, "/teamspace/studios/this_studio"), "/teamspace/studios/this_studio/pinokiocloud"],
  ["runpod", at({ RUNPOD_POD_ID: "1" }), "/workspace/pinokiocloud"],
  ["vastai", at({ VAST_CONTAINERLABEL: "C.1" }), "/workspace/pinokiocloud"],
  ["paperspace", at({ PAPERSPACE_FQDN: "x" }), "/home/ada/pinokiocloud"],
  ["jupyterhub", at({ JUPYTERHUB_USER: "ada" }), "/home/ada/pinokiocloud"],
  ["local", at({}), "/home/ada/pinokiocloud"],
])("%s is recognised and has its home", (name, surroundings, home) => {
  const platform = detectPlatform(surroundings);
  expect(platform.name).toBe(name);
  expect(platform.home(surroundings)).toBe(home);
});

test("every name is different and local comes last", () => {
  const names = platforms.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.at(-1)).toBe("local");
});

test("nvidia-smi's answer is read, unknown memory too", () => {
  expect(parseNvidiaSmi("Tesla T4, 15360, 550.54.15\nNVIDIA GB10, [N/A], 580.1\n\n")).toEqual([
    { name: "Tesla T4", memoryBytes: 15360 * 1024 * 1024, driver: "550.54.15" },
    { name: "NVIDIA GB10", memoryBytes: null, driver: "580.1" },
  ]);
});

test("rules say when they were looked up where they are the platform's to change, and a policy has its own words", () => {
  for (const { rules = [], policy } of platforms) {
    for (const { about, text, asOf } of rules) {
      expect(text).toMatch(/\.$/);
      if (about === "forbidden") expect(asOf).toMatch(/^[A-Z][a-z]+ 20\d\d$/);
    }
    if (policy !== undefined) expect(policy.asOf).toMatch(/ 20\d\d$/);
  }
  const { policy } = detectPlatform(at({ COLAB_RELEASE_TAG: "x" }));
  expect(policy?.text).toContain("“bypassing the notebook UI to interact primarily via a web UI”");
});

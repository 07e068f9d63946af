import { expect, test } from "@jest/globals";
import { barePackage } from "../../../../src/runtime/catalog/entry.js";
import { fitOf } from "../../../../src/runtime/catalog/search/fit.js";
import type { FitHistory, FitMachine, Package, PackageNeeds } from "../../../../src/runtime/protocol/packages.js";
import { WITH_T4, WITHOUT_GPU } from "../../../helpers/catalog-world.js";

const GB = 1024 ** 3;
const NEEDS: PackageNeeds = {
  gpu: "any",
  vramGB: null,
  diskGB: null,
  platforms: ["linux", "win32"],
  conda: false,
  sudo: false,
  credentials: [],
  external: [],
};

type Wish = Partial<Omit<Package, "requires">> & { requires?: Partial<PackageNeeds> };

function wanted({ requires, ...change }: Wish): Package {
  return barePackage({
    id: "x",
    source: "built-in",
    name: "X",
    install: "https://example.org/x",
    repository: null,
    linux: "works",
    ...change,
    requires: { ...NEEDS, ...requires },
  });
}

const withMemory = (gigabytes: number): FitMachine => ({
  ...WITH_T4,
  gpu: { maker: "nvidia", name: "Tesla T4", memoryBytes: gigabytes * GB },
});

const judged = (one: Package, machine: FitMachine, history?: FitHistory): string => {
  const { verdict, reasons } = fitOf(one, machine, history);
  return `${verdict}: ${reasons[0]?.text}`;
};

test.each([
  [15, 12, "fits: needs about 12 GB of GPU memory, this machine has 15.0"],
  [15, 16, "tight: needs about 16 GB of GPU memory, this machine has 15.0"],
  [13, 12, "tight: needs about 12 GB of GPU memory, this machine has 13.0"],
  [10.8, 12, "tight: needs about 12 GB of GPU memory, this machine has 10.8"],
  [10.7, 12, "no: needs about 12 GB of GPU memory, this machine has 10.7"],
  [15, 24, "no: needs about 24 GB of GPU memory, this machine has 15.0"],
])("with %s GB of GPU memory, of which %s are needed: %s", (has, needs, expected) => {
  expect(judged(wanted({ requires: { vramGB: needs } }), withMemory(has))).toBe(expected);
});

test("too little GPU memory is slow where the processor can do it", () => {
  expect(judged(wanted({ requires: { vramGB: 24 }, cpu: "slow" }), WITH_T4)).toBe(
    "slow: needs about 24 GB of GPU memory, this machine has 15.0; it can run on the processor",
  );
});

test.each<[Wish, string]>([
  [{ requires: { gpu: "none" } }, "fits: needs no graphics card"],
  [{ cpu: "yes" }, "fits: runs well without a graphics card"],
  [{ cpu: "slow" }, "slow: runs on the processor only: it wants a graphics card, this machine has none"],
  [{ cpu: "no" }, "no: needs a graphics card, this machine has none"],
  [{ requires: { gpu: "nvidia" } }, "no: needs an NVIDIA graphics card, this machine has none"],
  [
    { cpu: "unknown" },
    "unknown: wants a graphics card, this machine has none; whether it runs without one is not known",
  ],
])("without a graphics card, %j is %s", (change, expected) => {
  expect(judged(wanted(change), WITHOUT_GPU)).toBe(expected);
});

test("a card of another maker is no NVIDIA card", () => {
  const amd: FitMachine = { ...WITH_T4, gpu: { maker: "amd", name: "AMD Radeon", memoryBytes: 16 * GB } };
  expect(judged(wanted({ requires: { gpu: "nvidia" } }), amd)).toBe(
    "no: needs an NVIDIA graphics card, this machine has AMD Radeon",
  );
  expect(judged(wanted({}), amd)).toBe("fits: runs on this machine's AMD Radeon");
});

test.each<[Wish, string]>([
  [{ requires: { platforms: ["win32"] } }, "no: Windows only"],
  [{ requires: { platforms: ["darwin"] } }, "no: macOS only"],
  [{ requires: { platforms: ["win32", "darwin"] } }, "no: Windows and macOS only"],
  [{ linux: "no", requires: { platforms: [] } }, "no: its scripts do not come through on Linux"],
  [{ linux: "unknown" }, "unknown: whether it works on Linux is not known"],
  [{ available: false }, "unknown: its repository could not be fetched when the catalog was made"],
  [{ linux: "partial", requires: { external: ["docker"] } }, "unknown: needs Docker besides"],
  [
    { linux: "partial", requires: { external: ["display"] } },
    "unknown: opens a window on a desktop, which is not here",
  ],
  [{ linux: "partial" }, "unknown: works on Linux in part: something is left to do by hand"],
  [{ requires: { diskGB: 100 } }, "no: needs about 100 GB of disk, 70.0 are free here"],
  [{ requires: { diskGB: 65 } }, "tight: needs about 65 GB of disk, 70.0 are free here"],
])("%j is %s", (change, expected) => {
  expect(judged(wanted(change), WITH_T4)).toBe(expected);
});

test("a program that is here is not missing", () => {
  const one = wanted({ linux: "partial", requires: { external: ["docker"] } });
  expect(fitOf(one, { ...WITH_T4, programs: ["docker"] }).verdict).toBe("fits");
});

test("everything that is known is said, the gravest first, and what decides nothing last", () => {
  const one = wanted({
    requires: { vramGB: 16, diskGB: 100, credentials: ["HF_TOKEN", "KEY"], conda: true, sudo: true },
  });
  expect(fitOf(one, WITH_T4)).toEqual({
    verdict: "no",
    reasons: [
      { text: "needs about 100 GB of disk, 70.0 are free here", verdict: "no" },
      { text: "needs about 16 GB of GPU memory, this machine has 15.0", verdict: "tight" },
      { text: "asks for HF_TOKEN and KEY", verdict: null },
      { text: "brings conda", verdict: null },
      { text: "asks for the rights of an administrator", verdict: null },
    ],
  });
});

test("a check, and what happened here before, outweigh what a source did not know", () => {
  const unknown = wanted({ linux: "unknown" });
  expect(judged(unknown, WITH_T4, { check: { verdict: "works", why: null } })).toMatch(/^fits/);
  expect(judged(wanted({}), WITH_T4, { check: { verdict: "cannot", why: "install.js is for Windows" } })).toBe(
    "no: install.js is for Windows",
  );
  expect(judged(unknown, WITH_T4, { past: { installs: 2, failures: 1, lastFailure: null } })).toMatch(/^fits/);
  expect(
    judged(wanted({}), WITH_T4, { past: { installs: 2, failures: 1, lastFailure: "There is no space left" } }),
  ).toBe("unknown: its last installation here failed: There is no space left");
});

test("of what nothing is known, that is said", () => {
  const bare = barePackage({
    id: "a",
    source: "pasted",
    name: "a",
    install: "https://example.org/a",
    repository: null,
  });
  expect(judged(bare, WITH_T4)).toBe("unknown: what it needs is known once it is here");
});

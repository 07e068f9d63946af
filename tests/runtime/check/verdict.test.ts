import { expect, test } from "@jest/globals";
import { reportOf } from "../../../src/runtime/check/verdict.js";
import type { CheckFinding } from "../../../src/runtime/protocol/check.js";

const MACHINE = { platform: "linux", arch: "x64", gpu: "none", gpuModel: null, vram: null } as const;

test.each<[string, CheckFinding["level"][]]>([
  ["works", []],
  ["works", ["info", "info"]],
  ["warnings", ["info", "warning"]],
  ["cannot", ["warning", "error", "info"]],
])("an app %s with findings of the levels %j", (verdict, levels) => {
  const findings = levels.map((level): CheckFinding => ({ level, kind: "params", message: level }));
  const app = { title: "", description: "", needs: [], scripts: [], findings };
  expect(reportOf("app", MACHINE, app)).toMatchObject({ verdict, findings });
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openActiveEnvironment } from "../../../src/runtime/environments/active-environment.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function open(folder: string, mayWrite = true) {
  const problems: string[] = [];
  const file = join(folder, "active-environment.json");
  const active = openActiveEnvironment(file, { mayWrite, onProblem: ({ message }) => void problems.push(message) });
  return { active, file, problems };
}

test("it is nobody's until it is chosen, and known to the next sidecar", () => {
  using folder = temporaryFolder();
  const { active, file } = open(folder.path);
  expect(active.get()).toBeNull();
  active.set("envs/tools");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ version: 1, active: "envs/tools" });
  expect(open(folder.path).active.get()).toBe("envs/tools");
});

test("what a person wrote into the file meanwhile holds", () => {
  using folder = temporaryFolder();
  const { active, file } = open(folder.path);
  active.set("envs/tools");
  writeFileSync(file, JSON.stringify({ version: 1, active: "envs/others" }));
  expect(active.get()).toBe("envs/others");
});

test("one of a newer version is left alone", () => {
  using folder = temporaryFolder();
  const newer = JSON.stringify({ version: 2, active: { id: "envs/tools" } });
  writeFileSync(join(folder.path, "active-environment.json"), newer);
  const { active, file, problems } = open(folder.path);
  expect(active.get()).toBeNull();
  expect(() => active.set("envs/others")).toThrow("newer PinokioCloud");
  expect(readFileSync(file, "utf8")).toBe(newer);
  expect(problems).toHaveLength(1);
});

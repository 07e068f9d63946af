import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { nearestPython, usualPythonPlaces } from "../../../src/runtime/environments/find-pythons.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

function program(folder: string, name: string, exitCode: number): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
  return file;
}

const starts = (file: string) => Promise.resolve(spawnSync(file, ["-V"]).status === 0);

test("a name that does not start is passed over for the version that it stands for", async () => {
  using folder = temporaryFolder();
  const root = join(folder.path, "pyenv");
  const shims = join(root, "shims");
  for (const name of ["python3.9", "python3.10"]) program(shims, name, 127);
  program(shims, "python3.11", 0);
  program(join(root, "versions/3.10.9/bin"), "python3.10", 0);
  const newest = program(join(root, "versions/3.10.13/bin"), "python3.10", 0);
  const folders = [shims, ...usualPythonPlaces({ PYENV_ROOT: root }).filter((place) => place.startsWith(root))];
  expect(await nearestPython({ version: "3.10", folders, starts })).toEqual({ program: newest, version: "3.10" });
});

test("the nearest that starts is taken, in the order of the folders", async () => {
  using folder = temporaryFolder();
  const [one, two] = [join(folder.path, "one"), join(folder.path, "two")];
  program(one, "python3.9", 127);
  const first = program(one, "python3.12", 0);
  program(two, "python3.12", 0);
  program(two, "python3.13", 0);
  const folders = ["/nowhere", one, two];
  expect(await nearestPython({ version: "3.9", folders, starts })).toEqual({ program: first, version: "3.12" });
  expect(await nearestPython({ version: "3.9", folders: ["/nowhere"], starts })).toBeNull();
});

test("a person's own folder and those of the system are looked into", () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, ".pyenv/versions/3.9.18"), { recursive: true });
  const places = usualPythonPlaces({ HOME: folder.path });
  expect(places[0]).toBe(join(folder.path, ".pyenv/versions/3.9.18/bin"));
  expect(places.slice(-2)).toEqual(["/usr/local/bin", "/usr/bin"]);
});

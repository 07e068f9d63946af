// What a person reads when the machine lacks something.
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { nodeProblem } from "../../scripts/lib/check-node.mjs";
import { checkHost, isLoopback, readAddress } from "../../scripts/lib/jupyter.mjs";
import { run } from "../../scripts/lib/run.mjs";
import { findChromium } from "../../scripts/lib/setup/chromium.mjs";
import { findPython } from "../../scripts/lib/setup/python.mjs";

let folder;
const before = { ...process.env };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pinokiocloud-setup-"));
});

afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

test.each(["12.22.12", "18.20.4", "20.18.9"])("Node %s is too old, in words", (version) => {
  expect(nodeProblem(version)).toMatch(
    new RegExp(`Node ${version} is too old: PinokioCloud needs Node 20.19 or newer`),
  );
});

test.each(["20.19.0", "22.0.0", "24.1.0"])("Node %s will do", (version) => {
  expect(nodeProblem(version)).toBeNull();
});

test("no Python", async () => {
  process.env.PATH = folder;
  await expect(findPython()).rejects.toMatchObject({
    message: "Python was not found.",
    hint: expect.stringContaining("python3-venv"),
  });
});

test("an old Python", async () => {
  standIn("python3", "echo 3.9.2");
  await expect(findPython()).rejects.toMatchObject({ message: expect.stringContaining("Python 3.9.2 is too old") });
});

test("a Python without venv, as Debian ships it", async () => {
  standIn("python3", "echo 3.11.2; echo \"No module named 'ensurepip'\" >&2; exit 1");
  await expect(findPython()).rejects.toMatchObject({
    message: expect.stringContaining("Python 3.11.2 is here, but it cannot make an environment"),
    hint: expect.stringContaining("sudo apt-get install python3-venv"),
  });
});

test("a newer Python next to an old one is found", async () => {
  standIn("python3", "echo 3.9.2");
  standIn("python3.12", "echo 3.12.1");
  await expect(findPython()).resolves.toEqual({ file: "python3.12", version: "3.12.1" });
});

test.each(["abc", "0", "70000", "80.5"])("PORT %s is refused", (PORT) => {
  expect(() => readAddress({ PORT })).toThrow(`PORT is “${PORT}”, which is not a port.`);
});

test("PORT and HOST have defaults", () => {
  expect(readAddress({})).toEqual({ port: 8888, host: "127.0.0.1" });
});

test.each([
  ["127.0.0.1", true],
  ["127.8.8.8", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.1.5", false],
  ["127.0.0.1.example.org", false],
])("%s is loopback: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

test.each([
  ["jupyter_server_config.py", 'c.IdentityProvider.token = ""'],
  ["jupyter_lab_config.py", 'c.ServerApp.token = ""'],
])("another HOST is refused when %s switches the token off", async (file, line) => {
  writeFileSync(join(folder, file), `${line}\n`);
  process.env.JUPYTER_CONFIG_DIR = folder;
  await expect(checkHost({ host: "0.0.0.0" })).rejects.toThrow(/switch off both token and password/);
});

test("another HOST is fine with Jupyter's own token", async () => {
  process.env.JUPYTER_CONFIG_DIR = folder;
  await expect(checkHost({ host: "0.0.0.0" })).resolves.toBeUndefined();
});

test("Chromium comes from the distribution's packages when it is missing", async () => {
  delete process.env.PINOKIOCLOUD_CHROMIUM;
  for (const program of ["env", "chmod"]) symlinkSync(`/usr/bin/${program}`, join(folder, program));
  standIn("sudo", '[ "$1" = -n ] && shift; exec "$@"');
  standIn("apt-get", `[ "$1" = install ] && : > ${folder}/chromium && chmod +x ${folder}/chromium`);
  const progress = { step: (_name, action) => action({ exec: run }) };
  await expect(findChromium(progress)).resolves.toBe(join(folder, "chromium"));
});

test("without packages one sentence says what to install", async () => {
  delete process.env.PINOKIOCLOUD_CHROMIUM;
  process.env.PATH = folder;
  await expect(findChromium({})).rejects.toMatchObject({
    message: "The browser tests need Chromium, which was not found.",
    hint: expect.stringContaining("sudo apt-get install chromium"),
  });
});

function standIn(name, script) {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  process.env.PATH = folder;
}

import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { thisProcess } from "../../../src/runtime/base/processes.js";
import { oneAtATime } from "../../../src/runtime/environments/one-at-a-time.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const never = new AbortController().signal;

test("one begins when the other is over, also after an error", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "below", "lock");
  const seen: string[] = [];
  const work = (name: string, fails = false) =>
    oneAtATime(file, never, async () => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const first = work("a", true);
  await Promise.all([expect(first).rejects.toThrow("a"), work("b")]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  expect(existsSync(file)).toBe(false);
});

test.each([
  ["of a process that is gone", JSON.stringify({ ...thisProcess(), startTime: "1" })],
  ["that nobody signed for long", ""],
  ["that holds something else", "?"],
])("a file %s holds up nobody", async (_, text) => {
  using folder = temporaryFolder();
  const file = join(folder.path, "lock");
  writeFileSync(file, text);
  utimesSync(file, 0, 0);
  expect(await oneAtATime(file, never, () => Promise.resolve("done"))).toBe("done");
});

test("whoever waits can give up", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "lock");
  writeFileSync(file, JSON.stringify(thisProcess()));
  const signal = AbortSignal.timeout(30);
  await expect(oneAtATime(file, signal, () => Promise.resolve())).rejects.toThrow();
});

import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { searchOutput } from "../../../src/runtime/server/output-search.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const search = (file: string, text: string, most = 10) =>
  searchOutput({ file, text, most, secrets: () => [Buffer.from("opensesame")], signal: new AbortController().signal });

test("lines are found in every part, whatever the case, without colours and secrets, with their place", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const first = "one\n\x1b[31mError:\x1b[0m disk full\n";
  writeFileSync(file, first);
  writeFileSync(`${file}.${first.length}`, "two opensesame ERROR: no space\nlast error");
  const { lines, isMore } = await search(file, "error");
  expect(lines).toEqual([
    { offset: 4, text: "Error: disk full" },
    { offset: first.length, text: "two ********** ERROR: no space" },
    { offset: first.length + 31, text: "last error" },
  ]);
  expect(isMore).toBe(false);
  expect(await search(file, "opensesame")).toEqual({ lines: [], isMore: false, goneBytes: 0 });
});

test("no more than asked are given, and that there are more is said", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "line x\n".repeat(200_000));
  const { lines, isMore } = await search(file, "X", 3);
  expect(lines.map(({ offset }) => offset)).toEqual([0, 7, 14]);
  expect(isMore).toBe(true);
  expect((await search(file, "x", 200_000)).isMore).toBe(false);
});

test("output without line ends, and a progress bar", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, `${".".repeat(3_000_000)}needle${".".repeat(100)}\n10%\r50%\r100% done\n`);
  const { lines } = await search(file, "needle");
  expect(lines).toHaveLength(1);
  expect(lines[0]?.text).toMatch(/^….*needle.*…?$/);
  expect((await search(file, "% done")).lines).toEqual([{ offset: 3_000_107, text: "100% done" }]);
  expect((await search(file, "50%")).lines).toEqual([]);
});

test("a run without output", async () => {
  using folder = temporaryFolder();
  expect(await search(join(folder.path, "output.log"), "x")).toEqual({ lines: [], isMore: false, goneBytes: 0 });
});

test("others are served meanwhile, and secrets are looked up once", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "a\n".repeat(1_500_000));
  let lookedUp = 0;
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const signal = new AbortController().signal;
  const secrets = (): Buffer[] => [Buffer.from(`opensesame-${++lookedUp}`)];
  await searchOutput({ file, text: "x", most: 10, secrets, signal });
  clearInterval(timer);
  expect(lookedUp).toBe(1);
  expect(turns).toBeGreaterThan(8);
});

test("a secret in the middle of a line that is longer than what is read at once", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const token = `hf_${"aB3dE6gH9".repeat(4)}`;
  writeFileSync(file, `${"x\n".repeat(1024 * 512 - 10)}${token} opensesame needle\n`);
  const { lines } = await search(file, "needle");
  expect(lines.map(({ text }) => text)).toEqual([`hf_${"*".repeat(36)} ********** needle`]);
});

test("lines and secrets that lie across two parts, and output whose beginning is gone", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(`${file}.1000`, "first\nthe needle opense");
  writeFileSync(`${file}.1023`, "same and more\nlast needle");
  expect(await search(file, "needle")).toEqual({
    lines: [
      { offset: 1006, text: "the needle ********** and more" },
      { offset: 1037, text: "last needle" },
    ],
    isMore: false,
    goneBytes: 1000,
  });
});

test("a hundred megabytes are searched with a few in memory", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  const block = Buffer.from("0123456789 some line of output\r\n".repeat(32_768));
  for (let written = 0; written < 100_000_000; written += block.length) appendFileSync(file, block);
  appendFileSync(file, "needle");
  const before = process.memoryUsage().rss;
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 5);
  const { lines } = await search(file, "needle");
  clearInterval(timer);
  expect(lines).toHaveLength(1);
  expect(most - before).toBeLessThan(80_000_000);
});

test("what is printed once secrets are asked for is left out: it may hold new ones", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(file, "key one\n");
  const secrets = (): Buffer[] => {
    appendFileSync(file, "key of-a-step-that-began-now\n");
    return [];
  };
  const { signal } = new AbortController();
  const { lines } = await searchOutput({ file, text: "key", most: 10, secrets, signal });
  expect(lines.map(({ text }) => text)).toEqual(["key one"]);
});

test("a secret that colours part is not found, nor what is left of one whose beginning was removed", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "output.log");
  writeFileSync(`${file}.100`, "sesame old\n\x1b[1mopen\x1b[0msesame \x1b[1mnew\x1b[0m\n");
  expect((await search(file, "e")).lines.map(({ text }) => text)).toEqual(["********** new"]);
  expect((await search(file, "o")).lines.map(({ text }) => text)).toEqual(["****** old"]);
});

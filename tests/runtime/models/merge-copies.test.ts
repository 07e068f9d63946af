import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "@jest/globals";
import { mergeCopies, type MergeWatch } from "../../../src/runtime/models/merge-copies.js";
import { Models } from "../../../src/runtime/models/models.js";
import { modelHome } from "../../helpers/model-home.js";

const watch = (change: Partial<MergeWatch> = {}): MergeWatch => ({
  ...{ signal: new AbortController().signal, by: "names" },
  ...change,
});

async function onlySet(home: string) {
  const [set] = (await new Models(home, home).look()).duplicates;
  if (set === undefined) throw new Error("No duplicates were found");
  return set;
}

test("copies become names of one file, and what an app finds at each is what it was", async () => {
  using files = modelHome();
  const kept = files.write("drive/vae/x.safetensors", "s");
  const other = files.write("api/app/x.safetensors", "s");
  const before = readFileSync(other);
  const { bytes, problems } = await mergeCopies(await onlySet(files.home), watch());
  expect(problems).toEqual([]);
  expect(bytes).toBeGreaterThanOrEqual(2 * 1024 ** 2);
  expect(statSync(other).ino).toBe(statSync(kept).ino);
  expect(readFileSync(other).equals(before)).toBe(true);
  expect(readdirSync(dirname(other))).toEqual(["x.safetensors"]);
});

test("copies that share their contents stay files of their own, and are told as one until one is written", async () => {
  using files = modelHome();
  files.write("drive/vae/x.safetensors", "s");
  const other = files.write("api/app/x.safetensors", "s");
  files.secondName("api/app/y.safetensors", "api/app/x.safetensors");
  const backup = files.write("api/app/backup.safetensors", "s");
  chmodSync(backup, 0o600);
  utimesSync(backup, 1, 1);
  const models = new Models(files.home, files.home);
  const [set] = (await models.look()).duplicates;
  const onShared = (one: string, next: string) => models.shared.add(one, next);
  const how = watch({ by: "contents", onShared, share: (from, to) => copyFileSync(from, to) });
  const { bytes, problems } = await mergeCopies(set!, how);
  expect([problems, bytes >= 4 * 1024 ** 2]).toEqual([[], true]);
  const contents = async () =>
    new Set((await new Models(files.home, files.home).look()).found.files.map((one) => one.content));
  expect([(await models.look()).duplicates, (await contents()).size]).toEqual([[], 1]);
  expect(statSync(files.at("api/app/y.safetensors")).ino).toBe(statSync(other).ino);
  expect(statSync(backup)).toMatchObject({ mode: 0o100600, mtimeMs: 1_000 });
  const content = readFileSync(backup);
  writeFileSync(other, Buffer.alloc(content.length, "t")); // in place, as programs save
  expect(readFileSync(backup).equals(content)).toBe(true);
  expect((await contents()).size).toBe(2);
});

test("what only seems to be the same stays, and so does what has changed meanwhile or must be left", async () => {
  using files = modelHome();
  const kept = files.write("drive/vae/x.safetensors", "s");
  const seeming = files.write("api/app/x.safetensors", "s", { middle: "another" });
  const touched = files.write("api/app/y.safetensors", "s");
  const used = files.write("api/busy/x.safetensors", "s");
  const set = await onlySet(files.home);
  utimesSync(touched, 1, 1);
  const refusal = (path: string) => (path === used ? "busy runs: stop it first" : null);
  const { bytes, problems } = await mergeCopies(set, watch({ refusal }));
  expect(bytes).toBe(0);
  expect(problems.sort()).toEqual(
    [`${seeming} is not the same as ${kept}`, `${touched} has changed meanwhile`, "busy runs: stop it first"].sort(),
  );
  expect(new Set([kept, seeming, touched, used].map((path) => statSync(path).ino)).size).toBe(4);
});

test("nothing is said to have come back while another name holds the content", async () => {
  using files = modelHome();
  files.write("drive/vae/x.safetensors", "s");
  files.write("api/app/x.safetensors", "s");
  files.secondName("api/app/elsewhere.kept", "api/app/x.safetensors");
  const { bytes, problems } = await mergeCopies(await onlySet(files.home), watch());
  expect({ bytes, problems }).toEqual({ bytes: 0, problems: [] });
  expect(existsSync(files.at("api/app/elsewhere.kept"))).toBe(true);
});

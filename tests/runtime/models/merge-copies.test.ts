import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "@jest/globals";
import { mergeCopies, type MergeWatch } from "../../../src/runtime/models/merge-copies.js";
import { Models } from "../../../src/runtime/models/models.js";
import { modelHome } from "../../helpers/model-home.js";

const watch = (change: Partial<MergeWatch> = {}): MergeWatch => ({ signal: new AbortController().signal, ...change });

async function onlySet(home: string) {
  const [set] = (await new Models(home, `${home}/digests.json`).look()).duplicates;
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

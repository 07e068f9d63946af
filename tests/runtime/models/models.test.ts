import { expect, test } from "@jest/globals";
import { Models } from "../../../src/runtime/models/models.js";
import type { Model } from "../../../src/runtime/protocol/models.js";
import { modelHome } from "../../helpers/model-home.js";

const modelsOf = (home: string): Models => new Models(home, `${home}/system`);

async function listed(home: string): Promise<Record<string, Pick<Model, "family" | "users" | "files">>> {
  const { models } = await modelsOf(home).list();
  return Object.fromEntries(models.map(({ id, family, users, files }) => [id, { family, users, files }]));
}

test("models are told by what they are for, whose they are, and who has a link to them", async () => {
  using files = modelHome();
  files.write("drive/drives/peers/d1/checkpoints/base.safetensors", "a");
  files.write("drive/loras/style.safetensors", "b");
  files.write("api/comfy/app/models/vae/x.pt", "c");
  files.write("api/comfy/app/models/embeddings/bad-hands.pt", "d", { bytes: 20_000 });
  files.write("api/chat/weights/tiny-llama-q4.gguf", "e");
  files.write("api/chat/weights/4x-UltraSharp.pth", "f");
  files.linkTo("api/comfy/app/models/checkpoints", "drive/drives/peers/d1/checkpoints");
  files.linkTo("api/other/base.safetensors", "drive/drives/peers/d1/checkpoints/base.safetensors");
  expect(await listed(files.home)).toEqual({
    "drive/drives/peers/d1/checkpoints/base.safetensors": {
      ...{ family: "checkpoints", users: ["comfy", "other"], files: 1 },
    },
    "drive/loras/style.safetensors": { family: "loras", users: [], files: 1 },
    "api/comfy/app/models/vae/x.pt": { family: "vae", users: ["comfy"], files: 1 },
    "api/comfy/app/models/embeddings/bad-hands.pt": { family: "embeddings", users: ["comfy"], files: 1 },
    "api/chat/weights/tiny-llama-q4.gguf": { family: "llm", users: ["chat"], files: 1 },
    "api/chat/weights/4x-UltraSharp.pth": { family: "upscalers", users: ["chat"], files: 1 },
  });
});

test("what is no model is not told: small files, environments, git's own, and what lies behind links out of the home", async () => {
  using files = modelHome();
  using elsewhere = modelHome();
  elsewhere.write("models/theirs.safetensors", "a");
  files.text("api/app/link/.keep", "");
  files.linkTo("api/app/outside", `../../../../../../../../../..${elsewhere.at("models")}`);
  files.write("api/app/outputs/picture.png", "b");
  files.write("api/app/tiny.safetensors", "c", { bytes: 2_000 });
  files.write("api/app/data.bin", "d");
  files.text("api/app/env/pyvenv.cfg", "home = /usr");
  files.write("api/app/env/share/shipped.pt", "e");
  files.write("api/app/.git/lfs/objects/x.pt", "f");
  files.write("cache/PIP_CACHE_DIR/x.pt", "g");
  files.write("api/.fetched/x/x.pt", "h");
  expect(await listed(files.home)).toEqual({});
});

test("parts, a pipeline's folder and a repository of the hub are one model each", async () => {
  using files = modelHome();
  for (const part of [1, 2, 3]) files.write(`drive/llm/big/model-0000${part}-of-00003.safetensors`, String(part));
  files.text("api/paint/sdxl/model_index.json", "{}");
  files.write("api/paint/sdxl/unet/model.safetensors", "u");
  files.write("api/paint/sdxl/vae/model.safetensors", "v");
  files.hub("cache/HF_HOME/hub", "black-forest-labs/some-lora", "lora.safetensors", { blob: "1", mark: "l" });
  files.hub("cache/HF_HOME/hub", "black-forest-labs/some-lora", "lora-2.safetensors", { blob: "2", mark: "m" });
  const { models } = await modelsOf(files.home).list();
  const shown = models.map(({ id, name, family, files: count, isShared }) => ({ id, name, family, count, isShared }));
  expect(shown.sort((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
    { id: "api/paint/sdxl", name: "sdxl", family: "checkpoints", count: 2, isShared: false },
    {
      id: "cache/HF_HOME/hub/models--black-forest-labs--some-lora",
      ...{ name: "black-forest-labs/some-lora", family: "loras", count: 2, isShared: true },
    },
    { id: "drive/llm/big/model.safetensors", name: "model.safetensors", family: "llm", count: 3, isShared: false },
  ]);
});

test("names of one content and links to it are no duplicates, and take its room once", async () => {
  using files = modelHome();
  files.write("drive/vae/one.safetensors", "a");
  files.secondName("api/app/models/one.safetensors", "drive/vae/one.safetensors");
  files.linkTo("api/app/models/two.safetensors", "drive/vae/one.safetensors");
  const blob = files.hub("api/app/cache/HF_HOME/hub", "o/r", "m.safetensors", { blob: "b1", mark: "z" });
  files.linkTo("drive/vae/from-hub.safetensors", blob);
  const { models, duplicates, families } = await modelsOf(files.home).list();
  expect(duplicates).toEqual([]);
  expect(models.find(({ name }) => name === "one.safetensors")).toMatchObject({
    ...{ users: ["app"], alsoAt: ["api/app/models/one.safetensors"], files: 1 },
  });
  expect(families.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(4.2 * 1024 ** 2);
});

test("copies are found by size and samples, and proven by reading all of them", async () => {
  using files = modelHome();
  const blob = files.hub("cache/HF_HOME/hub", "o/r", "x.safetensors", { blob: "b1", mark: "s" });
  files.write("api/app/x.safetensors", "s");
  files.write("api/app/looks-so.safetensors", "s", { middle: "but is not" });
  files.write("api/app/same-size.safetensors", "t");
  const models = modelsOf(files.home);
  const [seeming] = (await models.list()).duplicates;
  expect(seeming).toMatchObject({ isCompared: false });
  expect(seeming?.copies.map(({ path }) => path).sort()).toEqual([
    ...["api/app/looks-so.safetensors", "api/app/x.safetensors", blob],
  ]);
  const told: [number, number][] = [];
  const { signal } = new AbortController();
  expect(await models.compare({ signal, onBytes: (done, total) => told.push([done, total]) })).toBe(1);
  expect(told.at(-1)).toEqual([6 * 1024 ** 2, 6 * 1024 ** 2]);
  const later = modelsOf(files.home); // what was read is kept
  const [proven, ...more] = (await later.list()).duplicates;
  expect(more).toEqual([]);
  expect(proven).toMatchObject({
    isCompared: true,
    copies: [
      { path: blob, users: [] },
      { path: "api/app/x.safetensors", users: ["app"] },
    ],
  });
  expect(proven?.extraBytes).toBeGreaterThanOrEqual(2 * 1024 ** 2);
});

test("a search that nobody wants any more ends", async () => {
  using files = modelHome();
  for (let at = 0; at < 200; at++) files.text(`api/app/f${at}/x.txt`, "x");
  const ending = new AbortController();
  ending.abort(new Error("nobody looks"));
  files.write("drive/loras/a.safetensors", "a");
  files.write("drive/loras/b.safetensors", "b");
  await expect(modelsOf(files.home).list(ending.signal)).rejects.toThrow("nobody looks");
});

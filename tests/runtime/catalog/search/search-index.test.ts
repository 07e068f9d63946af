import { expect, test } from "@jest/globals";
import { IndexBuilder } from "../../../../src/runtime/catalog/search/index-builder.js";
import type { SearchIndex } from "../../../../src/runtime/catalog/search/search-index.js";

function indexOf(...documents: { name?: string; tags?: string[]; text?: string }[]): SearchIndex {
  const builder = new IndexBuilder();
  for (const { name = "", tags = [], text = "" } of documents) {
    builder.add([
      { text: name, weight: 10, kind: "name" },
      ...tags.map((tag) => ({ text: tag, weight: 5, kind: "tag" as const })),
      { text, weight: 2 },
    ]);
  }
  return builder.finish();
}

/** Documents by place, the best first. */
function found(index: SearchIndex, query: string): number[] {
  const { documents, count, scores, missing } = index.search(query);
  return [...documents.subarray(0, count)].sort(
    (one, other) => missing[one]! - missing[other]! || scores[other]! - scores[one]! || one - other,
  );
}

test("a word is found whole, by its beginning, and inside a word that is put together", () => {
  const index = indexOf({ name: "ComfyUI" }, { name: "Fooocus" });
  for (const query of ["comfyui", "ComfyUI", "comf", "comfy ui", "ui"]) expect(found(index, query)).toEqual([0]);
  expect(found(index, "zebra")).toEqual([]);
  expect(found(index, "")).toEqual([]);
});

test("words that are written apart are found as one", () => {
  const index = indexOf({ name: "Stable Diffusion WebUI" }, { tags: ["face-swap"] });
  expect(found(index, "stablediffusion")).toEqual([0]);
  expect(found(index, "faceswap")).toEqual([1]);
});

test.each([
  ["a letter too many", "fooocuss"],
  ["a letter missing", "foocus"],
  ["a wrong letter", "fooocas"],
  ["two letters swapped", "foooucs"],
  ["the first letter wrong", "gooocus"],
  ["the first letter missing", "ooocus"],
  ["only the beginning, and that wrong", "fuooc"],
])("%s is forgiven", (_, typed) => {
  expect(found(indexOf({ name: "Fooocus" }, { name: "Forge" }), typed)).toEqual([0]);
});

test("two mistakes are forgiven in long words only", () => {
  const index = indexOf({ name: "Transcription" }, { name: "Upscale" });
  expect(found(index, "transkribtion")).toEqual([0]);
  expect(found(index, "upskayle")).toEqual([1]);
  expect(found(index, "upzkale")).toEqual([]);
});

test("a word as it was meant comes before one that it could be", () => {
  const index = indexOf({ name: "Fluxx" }, { name: "Flux" }, { name: "Fluxus" });
  expect(found(index, "flux")[0]).toBe(1);
});

test("forms of a word are one: upscale, upscaler, upscaling", () => {
  const index = indexOf({ tags: ["upscaling"] }, { name: "Captions" });
  for (const query of ["upscale", "upscaler", "upscaling", "upscaled"]) expect(found(index, query)).toEqual([0]);
  expect(found(index, "captioning")).toEqual([1]);
});

test("what people call a task leads to its tag", () => {
  const index = indexOf({ tags: ["text-to-speech"] }, { tags: ["face-swap"] }, { tags: ["text-to-image"] });
  expect(found(index, "tts")).toEqual([0]);
  expect(found(index, "deepfake")).toEqual([1]);
  expect(found(index, "depfake")).toEqual([1]); // also mistyped
  expect(found(index, "image generator")).toContain(2);
});

test("every word counts; where few documents hold all, those that lack one come after them", () => {
  const index = indexOf({ name: "Red apple" }, { name: "Red pear" }, { name: "Apple" });
  expect(found(index, "red apple")).toEqual([0, 2, 1]);
  expect([...index.search("red apple").missing]).toEqual([0, 1, 1]);
});

test("with enough documents that hold every word, no other comes", () => {
  const index = indexOf(...Array.from({ length: 6 }, () => ({ text: "red apple" })), { text: "red pear" });
  expect(found(index, "red apple")).toHaveLength(6);
});

test("the words that everybody uses are left out, unless there are no others", () => {
  const index = indexOf({ text: "remove the background" }, { text: "the the" });
  expect(found(index, "how can I remove the background")).toEqual([0]);
  expect(found(index, "the").sort()).toEqual([0, 1]);
});

test("accents and case make no difference", () => {
  expect(found(indexOf({ name: "Café Ünïcode" }), "cafe unicode")).toEqual([0]);
});

test("a search leaves nothing behind for the next one", () => {
  const index = indexOf({ name: "One" }, { name: "Two" });
  expect(found(index, "one")).toEqual([0]);
  expect(found(index, "two")).toEqual([1]);
  expect(found(index, "zzz")).toEqual([]);
  expect(found(index, "one")).toEqual([0]);
});

test("letters of every script are found, and nonsense is survived", () => {
  const index = indexOf({ name: "音乐 生成" }, { name: "Plain" });
  expect(found(index, "音乐")).toEqual([0]);
  for (const query of ["\u0000", "'".repeat(500), "a".repeat(500), "🙂", "--", "(".repeat(50)]) {
    expect(found(index, query)).toEqual([]);
  }
});

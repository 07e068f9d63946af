// Searches so many packages and prints how long that took. Not run as it is: it is bundled with the sources first.
//   <built-in catalog> <packages> <searches>
import { readFileSync } from "node:fs";
import { fitOf } from "../../src/runtime/catalog/search/fit.ts";
import { fieldsOf } from "../../src/runtime/catalog/search/package-fields.ts";
import { Ranking } from "../../src/runtime/catalog/search/ranking.ts";
import { IndexBuilder } from "../../src/runtime/catalog/search/index-builder.ts";
import { manyPackages } from "./many-packages.mjs";

const [file, size, searches] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const { packages, word } = await manyPackages(JSON.parse(readFileSync(file, "utf8")), size);

const beganIndexing = performance.now();
const builder = new IndexBuilder();
for (const one of packages) builder.add(fieldsOf(one));
const index = builder.finish();
const ranking = new Ranking(packages);
const machine = { platform: "linux", gpu: null, diskFreeBytes: 1e11, programs: [] };
const standing = { isInstalled: false, isFavorite: false, lastUsed: 0, isSample: false };
packages.forEach((one, at) => ranking.setStanding(at, { ...standing, verdict: fitOf(one, machine).verdict }));
const indexedMs = performance.now() - beganIndexing;

const order = { filters: {}, sort: "best", most: 40, after: 0, samplesFirst: false };
/** A word, the beginning of one, one with a slip, two words. */
const queries = Array.from({ length: searches }, (_, at) => {
  if (at % 4 === 1) return word().slice(0, 3);
  if (at % 4 === 2) return `${word().slice(0, -1)}x`;
  return at % 4 === 3 ? `${word()} ${word().slice(0, 4)}` : word();
});
const search = (text) => ranking.rank({ ...order, found: index.search(text) });

for (const text of queries.slice(0, 200)) search(text); // compiles it
const took = queries.map((text) => timed(() => search(text))).sort((a, b) => a - b);
const lower = packages.map((one) => `${one.name} ${one.summary} ${one.tags.join(" ")}`.toLowerCase());
const bare = queries
  .slice(0, 50)
  .map((text) => timed(() => lower.filter((one) => one.includes(text))))
  .sort((a, b) => a - b);

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

const at = (values, share) => values[Math.floor(values.length * share)];
console.log(JSON.stringify({ p99: at(took, 0.99), median: at(took, 0.5), indexedMs, bareMs: at(bare, 0.5) }));

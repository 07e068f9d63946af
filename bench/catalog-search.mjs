// How long the catalog is searched, and how long it takes until it can be.
import { execFile } from "node:child_process";
import { buildSync } from "esbuild";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundleClient, loadClient } from "./lib/client.mjs";
import { makeHome } from "./lib/homes.mjs";
import { residentBytes } from "./lib/processes.mjs";
import { median } from "./lib/statistics.mjs";

export const name = "Catalog: search";

const SIZES = [
  [284, "≤ 1"],
  [10_000, "≤ 3"],
  [100_000, "≤ 20"],
];

export async function run(context) {
  const rows = [];
  for (const [size, aim] of SIZES) {
    const rounds = [];
    for (let round = 0; round < (context.quick ? 1 : 5); round++) rounds.push(await measure(context, size));
    const middle = (key) => median(rounds.map((round) => round[key]));
    const many = `${size.toLocaleString("en")} packages`;
    rows.push({
      name: `search, 99 of 100 within: ${many}`,
      value: middle("p99"),
      unit: "ms",
      aim,
      peer: `a look through all texts ${middle("bareMs").toPrecision(2)} ms, finds no typo and ranks nothing`,
    });
    rows.push({ name: `search, median: ${many}`, value: middle("median"), unit: "ms" });
    rows.push({ name: `index made, once: ${many}`, value: middle("indexedMs"), unit: "ms" });
  }
  return [...rows, ...(await loaded(context))];
}

/** On the Node that the sidecar runs on, in a process of its own. */
async function measure({ root, folder, node, quick }, size) {
  const outfile = join(folder, "catalog.mjs");
  buildSync({
    entryPoints: [join(root, "bench/lib/search-packages.mjs")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "silent",
  });
  const args = [outfile, join(root, "src/runtime/catalog/apps.json"), String(size), quick ? "400" : "2000"];
  const { stdout } = await promisify(execFile)(node, args, { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}

/** Of a sidecar that nobody has asked for its catalog yet. */
async function loaded(context) {
  const { openClient, createSocketTransport } = await loadClient(bundleClient(context));
  const first = [];
  const later = [];
  const grown = [];
  for (let round = 0; round < (context.quick ? 2 : 7); round++) {
    const home = makeHome(context);
    try {
      const { pid } = await home.up();
      const { socket, tokenFile } = home.record();
      const client = openClient(createSocketTransport(socket, tokenFile));
      const ask = (text) => timed(() => client.request("catalog.search", { text }));
      await client.request("machine.facts", {});
      const before = residentBytes(pid);
      first.push(await ask("comfyui"));
      grown.push((residentBytes(pid) - before) / 1e6);
      for (const text of ["c", "co", "com", "comf", "stabel difusion"]) later.push(await ask(text));
      client.close();
    } finally {
      await home.end();
    }
  }
  return [
    { name: "catalog load: first search of a sidecar, over its socket", value: median(first), unit: "ms" },
    { name: "later searches, over its socket, 40 packages each", value: median(later), unit: "ms" },
    { name: "memory that the catalog takes while it is used", value: median(grown), unit: "MB" },
  ];
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

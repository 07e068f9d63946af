// Every file of bench/, and for `npm run soak` of bench/soak/, exports `name` and `run(context)`, which returns rows:
//   { name, value, unit, aim?, peer? } – `aim` is what we want ("≤ 250"), `peer` what a comparable program needs.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SetupError } from "../errors.mjs";
import { readPackage, root, runtimeNode, staticDir, venv, venvPython } from "../paths.mjs";
import { Progress } from "../progress.mjs";
import { setUp } from "../setup/everything.mjs";
import { findWheel } from "../setup/wheel.mjs";
import { writeAtomically } from "../stamps.mjs";

const quick = process.argv.includes("--quick"); // fewer repetitions, to try a bench
const isSoak = process.argv.includes("--soak");
const numberOf = (flag) => {
  const given = process.argv.find((word) => word.startsWith(`--${flag}=`))?.split("=")[1];
  return given === undefined ? undefined : Number(given);
};
const times = numberOf("times"); // how often a soak repeats what it repeats
const seed = numberOf("seed"); // has the same again
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const benches = join(root, isSoak ? "bench/soak" : "bench");
const files = readdirSync(benches)
  .filter((file) => file.endsWith(".mjs") && (words.length === 0 || words.some((word) => file.includes(word))))
  .sort();
if (files.length === 0) throw new SetupError(`${benches} holds nothing called “${words.join(" ")}”.`, "See bench/.");

await setUp(new Progress());
const folder = mkdtempSync(join(tmpdir(), "pinokiocloud-bench-"));
const context = {
  root,
  staticDir,
  venv,
  python: venvPython,
  node: runtimeNode(),
  wheel: findWheel(),
  folder,
  quick,
  times,
  seed,
};

const results = [];
try {
  for (const file of files) {
    const bench = await import(pathToFileURL(join(benches, file)).href);
    console.log(`\n${bench.name}`);
    const rows = await bench.run(context);
    printTable(rows);
    results.push({ name: bench.name, rows });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (!isSoak) writeReport();

function writeReport() {
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, memory: totalmem(), platform: process.platform };
  const report = { version: readPackage().version, at: new Date().toISOString(), machine, results };
  writeAtomically(join(root, "bench.json"), `${JSON.stringify(report, null, 2)}\n`);
  console.log("\nWritten to bench.json.");
}

function printTable(rows) {
  const cells = rows.map(({ name, value, unit = "", aim = "", peer = "" }) => {
    return [
      name,
      `${rounded(value)} ${unit}`.trim(),
      aim === "" ? "" : `aim ${aim}`,
      peer === "" ? "" : `peer ${peer}`,
    ];
  });
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  for (const row of cells)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}

function rounded(value) {
  if (typeof value !== "number") return value;
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

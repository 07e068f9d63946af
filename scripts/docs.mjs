// Writes docs/methods/ from the methods themselves, and docs/failures.md from what recognises failures. With --check it only says whether that is needed.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withNode } from "./lib/check-node.mjs";

const folder = fileURLToPath(new URL("../docs/methods/", import.meta.url));
const FAILURES = "../failures.md";

withNode(async () => {
  const pages = await import("./lib/method-pages.mjs").then(({ methodPages }) => methodPages());
  const failures = await import("./lib/failure-page.mjs").then(({ failurePage }) => failurePage());
  if (process.argv.includes("--check")) {
    const stale = [...pages].filter(([name, text]) => read(name) !== text).map(([name]) => name);
    const extra = names().filter((name) => !pages.has(name));
    if (read(FAILURES) !== failures) stale.push("failures.md");
    if (stale.length + extra.length > 0) {
      console.error(`✗ Not as the sources are now: ${[...stale, ...extra].join(", ")}\n  Run npm run docs`);
      process.exitCode = 1;
    }
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of names()) if (!pages.has(name)) rmSync(join(folder, name));
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, FAILURES), failures);
  console.log(`✓ docs/methods (${pages.size} pages), docs/failures.md`);
});

function read(name) {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    return null;
  }
}

function names() {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

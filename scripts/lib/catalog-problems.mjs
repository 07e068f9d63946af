import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";

const BUILT_IN = join(root, "src/runtime/catalog/apps.json");

/** What the schema refuses, and what only somebody who sees all entries can tell. */
export async function catalogProblems(file = BUILT_IN) {
  const { Index, readEntries } = await loadReader();
  const index = Index.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!index.success)
    return { count: 0, problems: index.error.issues.map(({ path, message }) => `${path}: ${message}`) };
  const { apps, generated } = index.data;
  const { packages, skipped, problems } = await readEntries(apps, { source: "built-in", prefix: "" });
  if (skipped > problems.length) problems.push(`${skipped - problems.length} more entries are wrong`);
  if (!/^\d{4}-\d\d-\d\d$/.test(generated ?? "")) problems.push("generated: it is no day such as 2026-01-31");
  for (const [what, key] of [
    ["id", ({ id }) => id.toLowerCase()],
    ["repository", ({ repository }) => repository.replace(/\/$|\.git$/g, "").toLowerCase()],
    ["name", ({ name }) => name.toLowerCase()],
  ]) {
    const seen = new Map();
    for (const one of packages) {
      const first = seen.get(key(one));
      if (first === undefined) seen.set(key(one), one.id);
      else problems.push(`${one.id}: its ${what} is that of ${first}`);
    }
  }
  const ids = new Set(packages.map(({ id }) => id));
  for (const { id, tags, summary, dependencies, repository, requires } of packages) {
    if (!/[.!?]$/.test(summary)) problems.push(`${id}: its summary is no sentence`);
    if (tags.length === 0) problems.push(`${id}: it has no tags`);
    for (const tag of tags)
      if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(tag)) problems.push(`${id}: the tag ${tag} is not written-so`);
    for (const other of dependencies)
      if (!ids.has(other)) problems.push(`${id}: it needs ${other}, which is not there`);
    if (!repository.startsWith("https://")) problems.push(`${id}: its repository is not asked by https`);
    if (requires.vramGB !== null && requires.gpu === "none")
      problems.push(`${id}: it needs memory of no graphics card`);
  }
  return { count: packages.length, problems };
}

/** The sources are TypeScript, so they are put together first. */
async function loadReader() {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "pinokiocloud-catalog-"));
  const outfile = join(folder, "reader.mjs");
  await build({
    stdin: {
      contents:
        'export { Index } from "./src/runtime/catalog/entry.ts"; export { readEntries } from "./src/runtime/catalog/read-entries.ts";',
      resolveDir: root,
    },
    bundle: true,
    outfile,
    logLevel: "error",
    format: "esm",
    platform: "node",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

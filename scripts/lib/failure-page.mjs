import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { format } from "prettier";
import { fileURLToPath, pathToFileURL } from "node:url";

const NOTE = "<!-- Written by `npm run docs` from src/runtime/recovery. -->\n";

/** What is recognised when a run fails, in the order of their codes. */
export async function failurePage() {
  const detectors = await loadDetectors();
  const rows = [...detectors]
    .sort((one, other) => (one.code < other.code ? -1 : 1))
    .map(({ code, happened, advice }) => `| \`${code}\` | ${escape(happened)} | ${escape(advice)} |`);
  const text = `${NOTE}
# Failures

When a run fails, the end of its output, its exit and the machine are searched for the first cause. What is recognised:

| Code | What happened | What to do |
| --- | --- | --- |
${rows.join("\n")}
`;
  return format(text, { parser: "markdown", printWidth: 120 });
}

/** The sources are TypeScript, so they are put together first. */
async function loadDetectors() {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "pinokiocloud-docs-"));
  const outfile = join(folder, "detectors.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../../src/runtime/recovery/detectors/index.ts", import.meta.url))],
    bundle: true,
    outfile,
    logLevel: "error",
    format: "esm",
    platform: "node",
  });
  try {
    return (await import(pathToFileURL(outfile).href)).detectors;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const escape = (text) => text.replaceAll("|", "\\|").replaceAll("<", "\\<");

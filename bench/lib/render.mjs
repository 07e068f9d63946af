// The template engine alone, bundled here for Node.
import { buildSync } from "esbuild";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Returns how a step is rendered with the names that it may use. */
export async function loadRenderer({ root, folder }) {
  const outfile = join(folder, "template.mjs");
  buildSync({
    entryPoints: [join(root, "src/runtime/script/template.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "silent",
  });
  const { renderStep } = await import(pathToFileURL(outfile).href);
  return (step, names) =>
    renderStep(step, { scope: Object.assign(Object.create(null), names), isOwnText: () => false });
}

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.js";

const ROOT = new URL("../../", import.meta.url).pathname;

/**
 * Runs a piece of code in a plain Node with one of our modules, and returns what it hands to `tell`. For what jest
 * replaces inside of tests, such as the loading of modules.
 */
export function outsideJest(module: string, code: string): unknown {
  using folder = temporaryFolder();
  const bundle = join(folder.path, "module.mjs");
  execFileSync(join(ROOT, "node_modules/.bin/esbuild"), [
    join(ROOT, module),
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--log-level=error",
    `--outfile=${bundle}`,
  ]);
  const program = join(folder.path, "program.mjs");
  writeFileSync(
    program,
    `import * as module from ${JSON.stringify(bundle)};
     const told = [];
     const tell = (value) => told.push(value);
     await (${code})(module, tell);
     console.log(JSON.stringify(told));`,
  );
  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  const env = { ...process.env, NODE_OPTIONS: "" };
  return JSON.parse(execFileSync(node, [program], { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] }));
}

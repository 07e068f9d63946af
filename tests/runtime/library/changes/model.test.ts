import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { temporaryFolder } from "../../../helpers/temporary-folder.js";

const ROOT = new URL("../../../../", import.meta.url).pathname;
const SEQUENCES = 100;
/** Longer ones are for the soak. */
const STEPS = 5;

/** The seed is in what is expected: `npm run soak -- model --seed=… --times=100` has the same again and goes on. */
test(`${SEQUENCES} random sequences of changes with crashes in them lose nothing`, () => {
  using folder = temporaryFolder();
  const bundle = (name: string): string => {
    const file = join(folder.path, `${name}.mjs`);
    const source = join(ROOT, `tests/helpers/changes-model/${name}.ts`);
    const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=error", `--outfile=${file}`];
    execFileSync(join(ROOT, "node_modules/.bin/esbuild"), [source, ...options]);
    return file;
  };
  const node = process.env["PINOKIOCLOUD_NODE"] ?? process.execPath;
  const env = { ...process.env, NODE_OPTIONS: "" };
  const args = [bundle("main"), `--child=${bundle("child")}`, `--times=${SEQUENCES}`, `--steps=${STEPS}`];
  const said = execFileSync(node, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  const { seed, times, failed } = JSON.parse(said) as { seed: number; times: number; failed: string[] };
  expect({ seed, times, failed }).toEqual({ seed, times: SEQUENCES, failed: [] });
}, 300_000);

// Updates, resets, uninstalls and undos in random order, killed, cancelled and out of space at any moment, thousands of times.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { newSeed } from "../lib/random.mjs";

export const name = "Soak: changes of apps";

export async function run(context) {
  const times = context.times ?? (context.quick ? 100 : 3_000);
  const seed = context.seed ?? newSeed();
  console.log(`  seed ${seed}`);
  const bundle = (part) => {
    const file = join(context.folder, `${part}.mjs`);
    const source = join(context.root, `tests/helpers/changes-model/${part}.ts`);
    const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=error", `--outfile=${file}`];
    execFileSync(join(context.root, "node_modules/.bin/esbuild"), [source, ...options]);
    return file;
  };
  const args = [bundle("main"), `--child=${bundle("child")}`, `--times=${times}`, `--seed=${seed}`];
  const began = performance.now();
  const said = execFileSync(context.node, args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const { failed } = JSON.parse(said);
  if (failed.length > 0) throw new Error(`With --seed=${seed}:\n${failed.join("\n")}`);
  return [
    { name: "sequences of changes", value: times, unit: "" },
    { name: "sequences that lost something", value: 0, unit: "", aim: "0" },
    { name: "a sequence took", value: (performance.now() - began) / times, unit: "ms" },
  ];
}

import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, test } from "@jest/globals";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const PROGRAM = `
  import { withoutOptimizing } from "MODULE";
  const busy = async (name) => {
    const work = new Function("at", "return at % 7; //" + name);
    for (let round = 0; round < 30; round++) {
      for (let at = 0; at < 1e5; at++) work(at);
      await new Promise(setImmediate); // what another thread compiled is taken over between turns
    }
    return %ActiveTierIsTurbofan(work) || %ActiveTierIsMaglev(work);
  };
  const inside = await withoutOptimizing(() => busy("inside"));
  await withoutOptimizing(async () => { throw new Error("no") }).catch(() => undefined);
  console.log(JSON.stringify({ inside, after: await busy("after") }));
`;

test("what is done once is not optimized, and what comes later is, also after a failure", () => {
  using folder = temporaryFolder();
  const outfile = join(folder.path, "module.mjs");
  buildSync({
    entryPoints: ["src/runtime/base/without-optimizing.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
  });
  const program = PROGRAM.replace("MODULE", pathToFileURL(outfile).href);
  const said = execFileSync(process.execPath, ["--allow-natives-syntax", "--input-type=module", "-e", program]);
  expect(JSON.parse(said.toString())).toEqual({ inside: false, after: true });
});

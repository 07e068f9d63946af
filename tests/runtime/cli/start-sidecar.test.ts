import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ensureSidecar } from "../../../src/runtime/cli/start-sidecar.js";
import { temporaryFolder } from "../../helpers/temporary-folder.js";

const LIMIT_MS = 1_500;

/** Starts a program in the place of a sidecar, and waits for its answer. */
async function start(program: string): Promise<unknown> {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "sidecar.mjs"), `import { writeSync } from "node:fs";\n${program}`);
  const place = { home: join(folder.path, "home"), bundles: folder.path, env: { PATH: process.env["PATH"] } };
  return await ensureSidecar({ ...place, startLimitMs: LIMIT_MS }).catch((error: unknown) => error);
}

const SLOW_ANSWER = `setTimeout(() => {
  writeSync(3, JSON.stringify({ error: { code: "home-not-writable", message: "slow, and heard" } }) + "\\n");
  process.exit();
}, ${2 * LIMIT_MS});`;

test("one that has something to finish is waited for as long as it says so, and one that says nothing is ended", async () => {
  const [working, silent] = await Promise.all([
    start(`setInterval(() => writeSync(3, " "), ${LIMIT_MS / 10});\n${SLOW_ANSWER}`),
    start(SLOW_ANSWER),
  ]);
  expect(working).toMatchObject({ message: "slow, and heard" });
  expect(silent).toMatchObject({ code: "sidecar-start-failed", message: "The sidecar said nothing for 1.5 s" });
});

import { all } from "../all.mjs";
import { build } from "../build/build.mjs";
import { withSetupLock } from "./lock.mjs";
import { checkNpm, ensurePackages } from "./packages.mjs";
import { checkPython, ensureVenv } from "./python.mjs";
import { ensureWheel } from "./wheel.mjs";

/** What `npm start` and `npm test` stand on. Skips what is up to date and takes up what was interrupted. */
export function setUp(progress) {
  return withSetupLock(progress, async () => {
    checkNpm();
    await checkPython();
    const frontEnd = async () => {
      await ensurePackages(progress);
      await build({ progress, ifStale: true });
    };
    await all([frontEnd(), ensureVenv(progress)]);
    await ensureWheel(progress);
  });
}

import { runChecks } from "../checks.mjs";
import { Progress } from "../progress.mjs";
import { withSetupLock } from "../setup/lock.mjs";
import { ensurePackages } from "../setup/packages.mjs";
import { ensureVenv } from "../setup/python.mjs";

const progress = new Progress();
await withSetupLock(progress, async () => {
  await ensurePackages(progress);
  await ensureVenv(progress);
});
const { failed } = await runChecks(process.argv.slice(2));
process.exitCode = failed > 0 ? 1 : 0;

import { SetupError } from "../errors.mjs";
import { Progress } from "../progress.mjs";
import { withSetupLock } from "../setup/lock.mjs";
import { ensurePackages } from "../setup/packages.mjs";
import { ensureVenv } from "../setup/python.mjs";
import { ensureWheel } from "../setup/wheel.mjs";

const PARTS = ["types", "bundles", "labextension"];
const FLAGS = ["--all-platforms", "--wheel", "--if-stale"];

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith("--"));
const parts = words.filter((word) => !word.startsWith("--"));
const unknown = [...flags.filter((flag) => !FLAGS.includes(flag)), ...parts.filter((part) => !PARTS.includes(part))];
if (unknown.length > 0) {
  throw new SetupError(`Unknown: ${unknown.join(", ")}.`, `Parts: ${PARTS.join(", ")}. Flags: ${FLAGS.join(", ")}.`);
}

const progress = new Progress();
await withSetupLock(progress, async () => {
  await ensurePackages(progress);
  const { build } = await import("../build/build.mjs");
  await build({
    progress,
    parts: parts.length > 0 ? parts : PARTS,
    ifStale: flags.includes("--if-stale"),
    allPlatforms: flags.includes("--all-platforms"),
  });
  if (flags.includes("--wheel")) {
    await ensureVenv(progress);
    await ensureWheel(progress);
  }
});

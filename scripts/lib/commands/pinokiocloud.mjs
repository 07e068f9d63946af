// Standard output belongs to the command; what is done before it is told on standard error.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, bundlesAreFresh } from "../build/build.mjs";
import { runtimeNode, staticDir, venvPython } from "../paths.mjs";
import { Progress } from "../progress.mjs";
import { withSetupLock } from "../setup/lock.mjs";
import { ensurePackages } from "../setup/packages.mjs";
import { ensureVenv, venvIsFresh } from "../setup/python.mjs";

if (!bundlesAreFresh() || !venvIsFresh("runtime")) {
  const progress = new Progress(process.stderr);
  await withSetupLock(progress, async () => {
    await ensurePackages(progress);
    await build({ progress, parts: ["bundles"], ifStale: true });
    await ensureVenv(progress, "runtime");
  });
}

process.env.PINOKIOCLOUD_NODE ||= runtimeNode();
process.env.PINOKIOCLOUD_PYTHON ||= venvPython;
const cli = join(staticDir, "cli.mjs");
process.argv[1] = cli;
await import(pathToFileURL(cli).href);

import { Progress } from "../progress.mjs";
import { findChromium } from "../setup/chromium.mjs";
import { setUp } from "../setup/everything.mjs";
import { runJest } from "../suites.mjs";

const progress = new Progress();
await setUp(progress);
const { failed } = await runJest("pictures", ["pictures"], [], {
  env: { PINOKIOCLOUD_CHROMIUM: await findChromium(progress) },
});
process.exitCode = failed > 0 ? 1 : 0;

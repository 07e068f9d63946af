import { findChromium } from "../setup/chromium.mjs";
import { runChecks } from "../checks.mjs";
import { SetupError } from "../errors.mjs";
import { Progress } from "../progress.mjs";
import { setUp } from "../setup/everything.mjs";
import { runJest, runPytest } from "../suites.mjs";

const SUITES = {
  check: (filter) => runChecks(filter),
  unit: (filter) => runJest("unit", ["runtime", "widgets", "labextension", "tooling"], filter),
  integration: (filter) => runJest("integration", ["integration"], filter),
  python: (filter) => runPytest(filter),
  e2e: (filter, chromium) => runJest("e2e", ["e2e"], filter, { PINOKIOCLOUD_CHROMIUM: chromium }),
};

const [part, ...filter] = process.argv.slice(2);
if (part !== undefined && !(part in SUITES)) {
  throw new SetupError(`There is no part “${part}”.`, `Parts: ${Object.keys(SUITES).join(", ")}.`);
}
const parts = part === undefined ? Object.keys(SUITES) : [part];

process.env.CI = "true";
const progress = new Progress();
await setUp(progress);
// Asked for before the tests, so that nobody waits for them only to read that the browser is missing.
const chromium = parts.includes("e2e") ? await findChromium(progress) : null;

const total = { passed: 0, failed: 0, skipped: 0 };
const add = (counts) => {
  for (const key of Object.keys(total)) total[key] += counts[key] ?? 0;
};
for (const name of parts) {
  if (name === "python" && parts.includes("integration")) continue;
  console.log(`\n== ${name}`);
  if (name === "integration" && parts.includes("python")) await addBoth();
  else add(await SUITES[name](filter, chromium));
}

/** Both mostly wait for programs that they have started. */
async function addBoth() {
  let printed = "";
  const python = runPytest(filter, (text) => (printed = text));
  add(await SUITES.integration(filter));
  add(await python);
  console.log(`\n== python\n${printed}`);
}

process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);

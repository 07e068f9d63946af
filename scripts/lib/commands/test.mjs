import { findChromium } from "../setup/chromium.mjs";
import { runChecks } from "../checks.mjs";
import { SetupError } from "../errors.mjs";
import { Progress } from "../progress.mjs";
import { setUp } from "../setup/everything.mjs";
import { runJest, runPytest } from "../suites.mjs";

const SUITES = {
  check: (filter, _, print) => runChecks(filter, print),
  unit: (filter) => runJest("unit", ["runtime", "widgets", "labextension", "tooling"], filter),
  integration: (filter) => runJest("integration", ["integration"], filter, { waits: true }),
  python: (filter, _, print) => runPytest(filter, print),
  e2e: (filter, chromium) => runJest("e2e", ["e2e"], filter, { env: { PINOKIOCLOUD_CHROMIUM: chromium } }),
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
/** What runs beside another part, so that no core is idle while the last of either goes on. */
const BESIDE = { unit: "check", integration: "python" };
const isBeside = (name) => parts.some((other) => BESIDE[other] === name);

for (const name of parts.filter((part) => !isBeside(part))) {
  const beside = parts.includes(BESIDE[name]) ? BESIDE[name] : null;
  let printed = "";
  const other = beside === null ? null : SUITES[beside](filter, null, (text) => (printed += text));
  console.log(`\n== ${name}`);
  add(await SUITES[name](filter, chromium));
  if (other === null) continue;
  add(await other);
  console.log(`\n== ${beside}\n${printed}`);
}

process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);

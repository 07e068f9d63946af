// Says what is wrong in the built-in catalog, src/runtime/catalog/apps.json; `npm run check` asks for it.
//   node scripts/catalog.mjs [file]
import { withNode } from "./lib/check-node.mjs";

withNode(async () => {
  const { catalogProblems } = await import("./lib/catalog-problems.mjs");
  const { problems, count } = await catalogProblems(process.argv[2]);
  for (const problem of problems) console.error(`✗ ${problem}`);
  if (problems.length === 0) console.log(`✓ ${count} packages`);
  process.exitCode = problems.length === 0 ? 0 : 1;
});

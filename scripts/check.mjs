// npm run check: types, lint, format, who imports whom, unused files and exports.
//   node scripts/check.mjs [name …]
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/check.mjs"));

// npm run bench: how fast and how small, as a table and as bench.json.
//   npm run bench -- [name …]
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/bench.mjs"));

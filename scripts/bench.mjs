// npm run bench: how fast and how small, as a table and as bench.json.
//   npm run bench -- [name …]
// npm run soak: what must not grow, for longer.
import { withNode } from "./lib/check-node.mjs";

withNode(() => import("./lib/commands/bench.mjs"));
